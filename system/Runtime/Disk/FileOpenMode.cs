namespace SimGraph.Runtime.Disk;

/// <summary>What <see cref="IDisk.OpenAsync"/> does when the file exists or does not.</summary>
public enum FileOpenMode
{
    /// <summary>Opens; fails with <see cref="DiskError.NotFound"/> if there is none.</summary>
    Existing,

    /// <summary>Creates; fails with <see cref="DiskError.AlreadyExists"/> if there is one.</summary>
    CreateNew,

    /// <summary>Opens, or creates an empty file.</summary>
    OpenOrCreate,
}
