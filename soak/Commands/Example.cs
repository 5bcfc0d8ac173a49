namespace SimGraph.Soak.Commands;

/// <summary>A command line to learn from.</summary>
internal sealed record Example(string Line, string Meaning);
