namespace SimGraph.Storage.Lsm;

/// <summary>The tree could not do what it was asked for. The message says what, where and what to do.</summary>
public class LsmException(string message, Exception? innerException = null) : Exception(message, innerException);
