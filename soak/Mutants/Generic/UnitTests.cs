// For mistakes that no run showed: the unit tests of the area, built from the checkout, with the same mistake in the assemblies beside them. A failure counts only if that very test fails again with the mistake and passes
// without it, so that a test that fails by itself now and then finds nothing.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Runs the unit tests of its area against a mistake, until one fails.</summary>
internal sealed partial class UnitTests(Checkout checkout, Workspace workspace, MutantsOptions options)
{
    private const string Project = "SimGraph.Tests";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private string Built => workspace.OutputOf(ProjectFile);

    private string Unchanged => Path.Combine(workspace.Folder, "unchanged-tests");

    private string ProjectFile => workspace.PathInTree(Path.Combine("tests", Project, $"{Project}.csproj"));

    /// <summary>Builds them, and runs them on the system as it is.</summary>
    /// <exception cref="UsageException">They do not build, or one fails without a mistake.</exception>
    public async Task PrepareAsync(Action<string> onStage, CancellationToken cancellation)
    {
        onStage("copies the checkout");
        await workspace.CopyAsync(checkout, cancellation);
        await workspace.CheckSdkAsync(cancellation);
        onStage("builds the unit tests");
        ChildResult build = await workspace.BuildAsync(ProjectFile, options.Jobs, cancellation);
        if (!build.Succeeded)
        {
            throw new UsageException($"the unit tests do not build: {build.Explanation}");
        }

        Workspace.CopyFolder(Built, Unchanged);

        // Written anew as with a mistake, but without one: what fails now would fail with every mistake.
        var catalogue = new MutationCatalogue(Unchanged);
        foreach (string assembly in MutationArea.All.Select(static area => area.Assembly).Distinct(StringComparer.Ordinal))
        {
            catalogue.WriteUnchanged(assembly, Built);
        }

        onStage("runs the unit tests on the unchanged system");
        ChildResult run = await RunAsync([.. Of(MutationArea.All)], cancellation);
        if (FailedIn(run) is [_, ..] failed)
        {
            throw new UsageException($"the unchanged system does not pass {string.Join(", ", failed)}");
        }

        if (!run.Succeeded)
        {
            throw new UsageException($"the unit tests do not run: {run.Explanation}");
        }
    }

    /// <summary>The test that fails with a mistake and passes without it; null when there is none.</summary>
    public async Task<string?> FindAsync(Mutation mutation, Action<string> onStage, CancellationToken cancellation)
    {
        onStage("runs the unit tests");
        new MutationCatalogue(Unchanged).Write(mutation, Built);
        try
        {
            ChildResult run = await RunAsync(["-stopOnFail", .. Of([mutation.Area])], cancellation);
            if (FailedIn(run) is not [var test, ..] || FailedIn(await RunOneAsync(test, cancellation)).Count == 0)
            {
                return null;
            }

            PutBack(mutation);
            return (await RunOneAsync(test, cancellation)).Succeeded ? test : null;
        }
        finally
        {
            PutBack(mutation);
        }
    }

    private static IEnumerable<string> Of(IEnumerable<MutationArea> areas) =>
        areas.SelectMany(static area => area.Tests).Distinct(StringComparer.Ordinal).SelectMany(static name => (string[])["-namespace", name]);

    private static IReadOnlyList<string> FailedIn(ChildResult run) =>
        [.. run.Out.Select(static line => Failure().Match(line)).Where(static match => match.Success).Select(static match => match.Groups["test"].Value).Distinct()];

    private void PutBack(Mutation mutation)
    {
        string file = $"{mutation.Area.Assembly}.dll";
        File.Copy(Path.Combine(Unchanged, file), Path.Combine(Built, file), overwrite: true);
    }

    private Task<ChildResult> RunOneAsync(string test, CancellationToken cancellation) => RunAsync(["-method", test], cancellation);

    private Task<ChildResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        workspace.RunTestsAsync(ProjectFile, arguments, Limit, cancellation);

    [GeneratedRegex(@"^\s*(?<test>SimGraph\.[\w.+`]+)(\(.*\))? \[FAIL\]")]
    private static partial Regex Failure();
}
