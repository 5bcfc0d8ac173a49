namespace SimGraph.Coyote.Tests.Engine;

/// <summary>While time goes on, a leader is elected.</summary>
internal sealed class LeaderIsElected : Promise;
