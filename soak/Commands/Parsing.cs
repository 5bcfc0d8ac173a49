using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Commands;

/// <summary>Options that several commands share, and parsers that say what they expect.</summary>
internal static class Parsing
{
    public static Option<string> ScenarioOption() => new("--scenario")
    {
        Description = "What to simulate; `simgraph scenarios` lists them.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "cluster",
    };

    public static Option<string> ProfileOption()
    {
        var option = new Option<string>("--profile")
        {
            Description = "How rough the world is: lite (a few mild faults), swarm (a random subset of all faults for each run), brutal (all of them), performance (none).",
            HelpName = string.Join('|', Profiles.All),
            DefaultValueFactory = static _ => Profiles.Swarm,
        };
        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Profiles.IsValid(name))
            {
                result.AddError($"--profile: there is no '{name}'; there are: {string.Join(", ", Profiles.All)}");
            }
        });
        return option;
    }

    /// <summary>How long something may take.</summary>
    public static Option<TimeSpan> TimeOption(TimeSpan usual, string description) => new("--time")
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = static result => Duration(result, "--time"),
        DefaultValueFactory = _ => usual,
    };

    /// <summary>The scenario of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IScenario Find(IReadOnlyList<IScenario> scenarios, string name) =>
        scenarios.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new UsageException($"there is no scenario '{name}'; there are: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}");

    /// <summary>A new file for output, opened before the work begins, so that a mistake shows at once; null when none is asked for.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static FileStream? Create(string option, string? path)
    {
        try
        {
            return path is null ? null : File.Create(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option}: {exception.Message}");
        }
    }

    /// <summary>All of a file of text.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Parses a whole number; underscores and commas may group its digits.</summary>
    public static T Number<T>(ArgumentResult result, string what, T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        string text = result.Tokens[^1].Value;
        string digits = text.Replace("_", string.Empty, StringComparison.Ordinal).Replace(",", string.Empty, StringComparison.Ordinal);
        if (T.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{what}: '{text}' is not a whole number from {least} to {most}");
        return default;
    }

    /// <summary>Parses a length of time such as 500ms, 30s, 5m, 2h, 1d; a bare number is seconds.</summary>
    public static TimeSpan Duration(ArgumentResult result, string what)
    {
        string text = result.Tokens[^1].Value;
        string digits = text.TrimEnd('a', 'b', 'c', 'd', 'h', 'm', 's');
        double? unitSeconds = text[digits.Length..] switch
        {
            "ms" => 0.001,
            "s" or "" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => null,
        };
        if (unitSeconds is { } unit
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * unit is > 0 and <= 31_536_000)
        {
            return TimeSpan.FromSeconds(number * unit);
        }

        result.AddError($"{what}: '{text}' is not a length of time; write 500ms, 30s, 5m, 2h or 1d (at most 365d)");
        return default;
    }
}
