namespace SimGraph.Storage.Lsm;

/// <summary>
/// What the tree's disk holds is unknown since a write or a flush failed, so it accepts nothing more. Only a restart, which recovers from what
/// the disk really holds, may go on.
/// </summary>
public sealed class LsmFailedException(string message, Exception? innerException = null) : LsmException(message, innerException);
