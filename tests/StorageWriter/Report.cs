using System.Globalization;
using System.Text;

namespace SimGraph.StorageWriter;

/// <summary>Standard output, line by line, each written by one call. Thread-safe.</summary>
internal sealed class Report(Stream output)
{
    private readonly object _gate = new();

    public void Say(string name, ulong number)
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {number}\n"));
        lock (_gate)
        {
            output.Write(line);
            output.Flush();
        }
    }
}
