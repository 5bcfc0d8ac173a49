using System.Globalization;

namespace SimGraph.Soak.Rendering;

/// <summary>Numbers and times as people read them.</summary>
internal static class Quantity
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Exact while that is short.</summary>
    public static string ShortCount(long number) => number < 100_000 ? Count(number) : About(number);

    /// <summary>A number that is good to about three digits.</summary>
    public static string About(double number) => Math.Abs(number) switch
    {
        >= 1e9 => Text(number / 1e9, "0.00 G"),
        >= 1e6 => Text(number / 1e6, "0.00 M"),
        >= 1e5 => Text(number / 1e3, "0 k"),
        >= 100 => Text(number, "N0"),
        >= 10 => Text(number, "0.0"),
        _ => Text(number, "0.00"),
    };

    public static string Bytes(double number) => number switch
    {
        >= 1L << 30 => Text(number / (1L << 30), "0.00 GiB"),
        >= 1L << 20 => Text(number / (1L << 20), "0.0 MiB"),
        >= 1L << 10 => Text(number / (1L << 10), "0.0 KiB"),
        _ => Text(number, "0.0 B"),
    };

    /// <summary>A length of time to about three digits.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(long)time.TotalDays} d {time.Hours} h",
        { TotalHours: >= 1 } => $"{(long)time.TotalHours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(long)time.TotalMinutes} min {time.Seconds} s",
        { TotalSeconds: >= 1 } => Text(time.TotalSeconds, "0.0 s"),
        _ => Text(time.TotalMilliseconds, "0.0 ms"),
    };

    /// <summary>A point of virtual time, exact to the microsecond.</summary>
    public static string At(TimeSpan time) => Text(time.TotalSeconds, "0.000000");

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
