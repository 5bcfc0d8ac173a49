using System.Text;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Formats;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>A file that cannot be understood is refused with the line, whatever is in it.</summary>
public sealed class HistoryFormatTests
{
    private const string Header = "simgraph-history 1";

    [Theory]
    [InlineData("register", 1, "INFO  jepsen.util - 0 :ok :read nil")]
    [InlineData("register", 1, "WARN  jepsen.util - 0 :invoke :read nil")]
    [InlineData("register", 1, "INFO  jepsen.util - x :invoke :read nil")]
    [InlineData("register", 1, "INFO  jepsen.util - -1 :invoke :read nil")]
    [InlineData("register", 1, "INFO  jepsen.util - 0 :invoke :read nil more")]
    [InlineData("register", 1, "INFO  jepsen.util - 0 :begin :read nil")]
    [InlineData("register", 1, "INFO  jepsen.util - 0 :invoke :cas [1 2")]
    [InlineData("register", 1, "INFO  jepsen.util - 0 :invoke :write 99999999999999999999")]
    [InlineData("register", 2, "INFO  jepsen.util - 0 :invoke :write 1", "INFO  jepsen.util - 0 :ok :write 2")]
    [InlineData("register", 2, "INFO  jepsen.util - 0 :invoke :write 1", "INFO  jepsen.util - 0 :info :read :timed-out")]
    [InlineData("register", 3, "INFO  jepsen.util - 0 :invoke :write 1", "", "INFO  jepsen.util - 0 :invoke :read nil")]
    [InlineData("kv", 1, "{:process 0, :type :invoke, :f :append, :key \"4\", :value nil}")]
    [InlineData("kv", 1, "{:process 0, :type :invoke, :f :append, :key \"4\", :value \"x}")]
    [InlineData("kv", 1, "{:process 0, :type :invoke, :f :erase, :key \"4\", :value \"x\"}")]
    [InlineData("kv", 2, "{:process 0, :type :invoke, :f :get, :key \"4\", :value nil}", "{:process 0, :type :ok, :f :get, :key \"5\", :value \"\"}")]
    [InlineData("kv", 2, "{:process 0, :type :invoke, :f :get, :key \"4\", :value nil}", "{:process 0, :type :ok, :f :get, :key \"4\", :value nil}")]
    [InlineData("graph", 1)]
    [InlineData("graph", 1, "simgraph-history 2")]
    [InlineData("graph", 1, "1 call get n.p")]
    [InlineData("graph", 2, Header, "1 call get n")]
    [InlineData("graph", 2, Header, "1 call set n.p")]
    [InlineData("graph", 2, Header, "1 call link a")]
    [InlineData("graph", 2, Header, "1 call erase a")]
    [InlineData("graph", 2, Header, "1 ok")]
    [InlineData("graph", 3, Header, "1 call get n.p", "1 ok")]
    [InlineData("graph", 3, Header, "1 call get n.p", "1 call get n.p")]
    [InlineData("graph", 3, Header, "1 call set n.p 1", "1 ok 1")]
    [InlineData("graph", 3, Header, "1 call set n.p 1", "1 perhaps")]
    public void A_mistake_is_named_with_its_line(string model, int line, params string[] lines)
    {
        HistoryFormatException exception = Assert.Throws<HistoryFormatException>(() => HistoryFiles.Check(model, lines));

        Assert.Equal(line, exception.Line);
        Assert.NotEmpty(exception.Problem);
    }

    [Theory]
    [InlineData("register")]
    [InlineData("kv")]
    [InlineData("graph")]
    public void An_empty_history_is_linearizable(string model)
    {
        string[] lines = model == "graph" ? [Header] : [];

        Assert.Equal((Verdict.Linearizable, 0), (HistoryFiles.Check(model, lines).Verdict, HistoryFiles.Check(model, lines).Operations));
    }

    [Fact]
    public void Lines_of_the_nemesis_are_skipped() =>
        Assert.Equal(0, HistoryFiles.Check("register", "INFO  jepsen.util - :nemesis :info :start \"cut off\"").Operations);

    [Theory]
    [InlineData("register", "jepsen-etcd/etcd_004.log")]
    [InlineData("kv", "kv/c01-ok.txt")]
    [InlineData("graph", null)]
    public void Changed_bytes_are_read_or_refused_and_nothing_else(string model, string? file)
    {
        byte[] good = Encoding.UTF8.GetBytes(string.Join('\n', file is null ? Graph : HistoryFiles.Lines(file)));
        var random = new Random(7);
        int refused = 0;
        const int Mutations = 1500;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = [.. good];
            for (int changes = random.Next(3); changes >= 0; changes--)
            {
                int place = random.Next(bytes.Length);
                bytes = random.Next(4) switch
                {
                    0 => [.. bytes[..place], .. bytes[(place + 1)..]],
                    1 => [.. bytes[..place], (byte)random.Next(256), .. bytes[place..]],
                    2 => bytes[..(place + 1)],
                    _ => [.. bytes[..place], (byte)random.Next(32, 127), .. bytes[(place + 1)..]],
                };
            }

            try
            {
                HistoryFiles.Model(model).Check("test", Encoding.UTF8.GetString(bytes).Split('\n'), new CheckLimits { StepsMax = 2000, ExplanationStepsMax = 1 });
            }
            catch (HistoryFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, Mutations / 4, Mutations - 1);
    }

    private static string[] Graph { get; } =
    [
        Header,
        .. Enumerable.Range(0, 20).SelectMany(i => (string[])
        [
            $"{i % 3} call set n.p {i}", $"{i % 3} ok", $"1 call create i{i} o", "1 unknown", "2 call neighbours o", "2 ok i1 i2", $"3 call add n.c {i}", $"3 ok {i}",
        ]),
    ];
}
