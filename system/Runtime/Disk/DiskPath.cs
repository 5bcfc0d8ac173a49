namespace SimGraph.Runtime.Disk;

/// <summary>The paths of <see cref="IDisk"/>: relative, '/'-separated, no empty, '.' or '..' parts. The root folder is the empty string.</summary>
public static class DiskPath
{
    /// <summary>Joins a folder and a name.</summary>
    public static string Join(string directory, string name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return directory.Length == 0 ? name : $"{directory}/{name}";
    }

    /// <summary>The folder of a path; empty for the root.</summary>
    public static string DirectoryOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int slash = path.LastIndexOf('/');
        return slash < 0 ? string.Empty : path[..slash];
    }

    /// <summary>The last part of a path.</summary>
    public static string NameOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>Throws if the path is not of the form above.</summary>
    /// <exception cref="ArgumentException">The path is rooted, climbs, or has an empty part.</exception>
    public static void Check(string path, bool allowRoot = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 && allowRoot)
        {
            return;
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> name = path.AsSpan(part);
            if (name.Length == 0 || name is "." or ".." || name.ContainsAny('\\', '\0'))
            {
                throw new ArgumentException($"'{path}' is not a relative path with '/' between its parts", nameof(path));
            }
        }
    }
}
