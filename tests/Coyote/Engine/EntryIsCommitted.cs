namespace SimGraph.Coyote.Tests.Engine;

/// <summary>While time goes on, what a leader proposed is committed.</summary>
internal sealed class EntryIsCommitted : Promise;
