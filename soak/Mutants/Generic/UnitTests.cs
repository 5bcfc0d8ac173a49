// For mistakes that no run showed: the unit tests, built from the checkout, with the same mistake in the assemblies beside them. A failure counts only if that very test fails again with the mistake and passes
// without it, so that a test that fails by itself now and then finds nothing.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Runs all unit tests against a mistake, until one fails.</summary>
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
        ChildResult run = await RunAsync("-stopOnFail", cancellation);
        if (FailedIn(run) is { } failed)
        {
            throw new UsageException($"the unchanged system does not pass {failed}");
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
            ChildResult run = await RunAsync("-stopOnFail", cancellation);
            if (FailedIn(run) is not { } test || FailedIn(await RunOneAsync(test, cancellation)) is null)
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

    private static string? FailedIn(ChildResult run) =>
        run.Out.Select(static line => Failure().Match(line)).FirstOrDefault(static match => match.Success) is { } match ? match.Groups["test"].Value : null;

    private void PutBack(Mutation mutation)
    {
        string file = $"{mutation.Area.Assembly}.dll";
        File.Copy(Path.Combine(Unchanged, file), Path.Combine(Built, file), overwrite: true);
    }

    private Task<ChildResult> RunOneAsync(string test, CancellationToken cancellation) => RunAsync($"-method {test}", cancellation);

    private Task<ChildResult> RunAsync(string arguments, CancellationToken cancellation) =>
        workspace.RunTestsAsync(ProjectFile, arguments.Split(' '), Limit, cancellation);

    [GeneratedRegex(@"^\s*(?<test>SimGraph\.[\w.+`]+)(\(.*\))? \[FAIL\]")]
    private static partial Regex Failure();
}
