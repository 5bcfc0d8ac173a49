// The folder in which defects are planted: a plain copy of the checkout's files and not a git worktree. So what is not committed yet is tried as it is, and the
// checkout and its repository stay untouched, also when this process is killed.

using System.Globalization;

namespace SimGraph.Soak.Mutants;

/// <summary>A copy of a checkout, with the program built from it.</summary>
internal sealed class Workspace : IDisposable
{
    private const int DeleteAttempts = 20;
    private static readonly TimeSpan DeleteInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GitLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(20);

    private static readonly string BuildOutput = Path.Combine("bin", "Release", "net10.0");

    private readonly bool _isKept;
    private readonly TextWriter _error;
    private readonly Dictionary<string, string?> _environment;

    private Workspace(string folder, bool isKept, TextWriter error)
    {
        Folder = folder;
        _isKept = isKept;
        _error = error;
        _environment = new Dictionary<string, string?>
        {
            // Git takes the copy for what it is, also inside of another working tree or when called from a hook.
            ["GIT_CEILING_DIRECTORIES"] = folder,
            ["GIT_DIR"] = null,
            ["GIT_WORK_TREE"] = null,
            ["GIT_INDEX_FILE"] = null,

            // A build of continuous integration wants the root of a repository, which the copy is not.
            ["CI"] = null,

            // Nothing of the build outlives it.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        };
    }

    /// <summary>Where everything of it is.</summary>
    public string Folder { get; }

    /// <summary>Name of the program that runs other programs of .NET.</summary>
    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private string Tree => Path.Combine(Folder, "tree");

    /// <summary>That of the unchanged system.</summary>
    public string Unchanged => Path.Combine(Folder, "unchanged");

    /// <summary>The program as it was built last.</summary>
    public string Built => Path.Combine(Tree, "soak", BuildOutput);

    /// <exception cref="UsageException">The folder cannot be made.</exception>
    public static Workspace Create(string? keepFolder, TextWriter error)
    {
        try
        {
            if (keepFolder is null)
            {
                return new Workspace(Directory.CreateTempSubdirectory("simgraph-mutants-").FullName, isKept: false, error);
            }

            if (File.Exists(keepFolder) || (Directory.Exists(keepFolder) && Directory.EnumerateFileSystemEntries(keepFolder).Any()))
            {
                throw new UsageException($"--keep: {keepFolder} is there and not an empty folder");
            }

            return new Workspace(Directory.CreateDirectory(keepFolder).FullName, isKept: true, error);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the copy of the checkout cannot be made: {exception.Message}");
        }
    }

    /// <exception cref="UsageException">A file cannot be copied.</exception>
    public async Task CopyAsync(Checkout checkout, CancellationToken cancellation)
    {
        IReadOnlyList<string> files = await checkout.FilesAsync(cancellation);
        try
        {
            foreach (string file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                string from = Path.Combine(checkout.Root, file);
                string to = Path.Combine(Tree, file);

                // Git still lists a file that was deleted and not committed, and a repository within this one as a folder.
                if (File.Exists(from))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                    File.Copy(from, to);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{checkout.Root} cannot be copied to {Folder}: {exception.Message}");
        }
    }

    /// <exception cref="UsageException">The SDK is missing or does not fit.</exception>
    public async Task CheckSdkAsync(CancellationToken cancellation)
    {
        ChildResult version = await ChildProcess.RunAsync(new ChildCommand(Dotnet, ["--version"], Tree, GitLimit), cancellation);
        if (!version.Succeeded)
        {
            throw new UsageException($"the .NET SDK that global.json asks for is missing: {version.Explanation}");
        }
    }

    /// <summary>Builds the program.</summary>
    public Task<ChildResult> BuildAsync(int jobs, CancellationToken cancellation) => BuildAsync("soak", jobs, cancellation);

    /// <summary>Builds a project. Without analyzers and with warnings allowed: a defect need not be clean, it must only be there.</summary>
    public Task<ChildResult> BuildAsync(string project, int jobs, CancellationToken cancellation) => RunInTreeAsync(
        Dotnet,
        [
            "build", project, "-c", "Release", "-v", "q", "-nologo", "-nodeReuse:false", string.Create(CultureInfo.InvariantCulture, $"-maxCpuCount:{jobs}"),
            "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:UseSharedCompilation=false",
        ],
        BuildLimit,
        cancellation);

    /// <summary>Puts what is built aside as the program of the unchanged system.</summary>
    public void KeepUnchanged() => CopyFolder(Built, Unchanged);

    /// <summary>Takes a program that is built already, such as this one, for that of the unchanged system.</summary>
    public void TakeProgram(string folder)
    {
        CopyFolder(folder, Built);
        KeepUnchanged();
    }

    public Task<ChildResult> ApplyAsync(PlantedDefect defect, CancellationToken cancellation) => ApplyAsync(PatchOf(defect), cancellation);

    public Task<ChildResult> ApplyAsync(string patch, CancellationToken cancellation) => RunInTreeAsync("git", ["apply", patch], GitLimit, cancellation);

    /// <exception cref="InvalidOperationException">The copy is not what it was: nothing that follows would mean anything.</exception>
    public Task RevertAsync(PlantedDefect defect) => RevertAsync(PatchOf(defect));

    /// <exception cref="InvalidOperationException">As above.</exception>
    public async Task RevertAsync(string patch)
    {
        ChildResult reverted = await RunInTreeAsync("git", ["apply", "-R", patch], GitLimit, CancellationToken.None);
        if (!reverted.Succeeded)
        {
            throw new InvalidOperationException($"the patch {patch} cannot be taken out again: {reverted.Explanation}");
        }
    }

    /// <summary>Runs the program as it was built last, or that of the unchanged system.</summary>
    public Task<ChildResult> RunProgramAsync(bool unchanged, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        string program = Path.Combine(unchanged ? Unchanged : Built, "simgraph.dll");
        return ChildProcess.RunAsync(new ChildCommand(Dotnet, ["exec", program, .. arguments], Folder, limit), cancellation);
    }

    /// <summary>The project file of the tests in a class, which has a file of its own; null when there is no such file.</summary>
    public string? FindTestProject(string testClass)
    {
        string tests = Path.Combine(Tree, "tests");
        string? source = Directory.Exists(tests) ? Directory.EnumerateFiles(tests, $"{testClass}.cs", SearchOption.AllDirectories).FirstOrDefault() : null;
        for (string? folder = Path.GetDirectoryName(source); folder is not null && folder != Tree; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").FirstOrDefault() is { } project)
            {
                return project;
            }
        }

        return null;
    }

    /// <summary>Runs one test, given as its class and its name, of a project as it was built last.</summary>
    public Task<ChildResult> RunTestAsync(string project, string test, TimeSpan limit, CancellationToken cancellation) =>
        RunTestsAsync(project, ["-method", $"*.{test}"], limit, cancellation);

    /// <summary>Runs those tests of a project, as it was built last, that the arguments choose.</summary>
    public Task<ChildResult> RunTestsAsync(string project, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        string folder = OutputOf(project);
        string program = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(project)}.dll");
        return ChildProcess.RunAsync(new ChildCommand(Dotnet, ["exec", program, "-noColor", .. arguments], folder, limit) { Environment = _environment }, cancellation);
    }

    /// <summary>Where a project is built to.</summary>
    public string OutputOf(string project) => Path.Combine(Path.GetDirectoryName(project)!, BuildOutput);

    /// <summary>Where a file of the checkout is in the copy.</summary>
    public string PathInTree(string path) => Path.Combine(Tree, path);

    /// <summary>Removes the copy, unless it is to be kept.</summary>
    public void Dispose()
    {
        for (int attempt = 1; !_isKept && Directory.Exists(Folder); attempt++)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A process that was killed may still be on its way out, and its last files with it.
                if (attempt == DeleteAttempts)
                {
                    _error.WriteLine($"simgraph: the copy {Folder} could not be removed: {exception.Message}");
                    return;
                }

                Thread.Sleep(DeleteInterval);
            }
        }
    }

    /// <summary>Copies all files of a folder and of those in it, over those that are there.</summary>
    public static void CopyFolder(string source, string target)
    {
        foreach (string from in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(target, Path.GetRelativePath(source, from));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }
    }

    private string PatchOf(PlantedDefect defect) => Path.Combine(Checkout.PlantedFolderIn(Tree), defect.Patch + PlantedIndex.PatchEnding);

    private Task<ChildResult> RunInTreeAsync(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation) =>
        ChildProcess.RunAsync(new ChildCommand(program, arguments, Tree, limit) { Environment = _environment }, cancellation);
}
