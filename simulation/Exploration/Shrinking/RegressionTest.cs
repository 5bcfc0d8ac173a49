// A failure as a test that a person can read, step through and keep: the plan written out, the seed, and the sites of choices that do not matter. It needs a project that refers to xunit and to the
// assembly of the scenario.

using System.Globalization;
using System.Text;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Writes the C# source of an xunit test that fails as a case does, and passes once nothing is violated.</summary>
public static class RegressionTest
{
    /// <summary>The source.</summary>
    /// <param name="scenario">What the case is a run of; its class must be public and made of nothing.</param>
    /// <param name="failing">The case.</param>
    /// <param name="violation">How it fails.</param>
    /// <param name="name">Of the class: a C# identifier.</param>
    public static string Write(IPlannedScenario scenario, FailingCase failing, Violation violation, string name)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(failing);
        ArgumentNullException.ThrowIfNull(violation);
        ArgumentException.ThrowIfNullOrEmpty(name);
        const int Body = 8;
        var code = new PlanCode();
        string plan = code.Write(failing.Plan, Body);
        string[] namespaces =
        [
            .. code.Namespaces, scenario.GetType().Namespace!, "SimGraph.Simulation.Choices", "SimGraph.Simulation.Exploration", "SimGraph.Simulation.Kernel", "Xunit",
        ];
        var text = new StringBuilder();
        foreach (string used in namespaces.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"using {used};\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""

            namespace SimGraph.Regressions;

            /// <summary>{{Escape(violation.Name)}}: {{Escape(FirstLine(violation.Message))}}</summary>
            public sealed class {{name}}
            {
                [Fact]
                public void Nothing_is_violated()
                {
                    var plan = {{plan}};
                    Violation? violation = new {{scenario.GetType().Name}}().Run(new ScenarioRequest { Seed = {{failing.Seed}}UL{{Choices(failing)}} }, plan).Result.Violation;
                    Assert.True(violation is null, violation?.Message);
                }
            }

            """);
        return text.ToString();
    }

    /// <summary>A plan as the C# expression that makes it; what is at its default is left out.</summary>
    public static string PlanOf(FailingCase failing)
    {
        ArgumentNullException.ThrowIfNull(failing);
        return new PlanCode().Write(failing.Plan, indent: 0);
    }

    private static string Choices(FailingCase failing)
    {
        if (failing.Fixed.Count == 0)
        {
            return string.Empty;
        }

        IEnumerable<string> sites = failing.Fixed.Select(site => $"                (\"{site.Key}\", {nameof(FixedAnswer)}.{site.Value})");
        return string.Create(CultureInfo.InvariantCulture, $", Choices = {nameof(FixedSites)}.{nameof(FixedSites.Of)}(\n                {failing.Seed}UL,\n{string.Join(",\n", sites)})");
    }

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
