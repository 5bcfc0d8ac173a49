namespace SimGraph.Coyote.Tests.Engine;

/// <summary>A stop that was asked for returns.</summary>
internal sealed class StopReturns : Promise;
