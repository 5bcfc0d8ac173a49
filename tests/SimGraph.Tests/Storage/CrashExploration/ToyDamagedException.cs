namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>A toy store noticed that its file is damaged.</summary>
public sealed class ToyDamagedException() : Exception("the toy's file is damaged");
