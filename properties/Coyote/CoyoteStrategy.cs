namespace SimGraph.Properties.Coyote;

/// <summary>How Coyote's engine answers the choices of a run.</summary>
public enum CoyoteStrategy
{
    /// <summary>Uniformly.</summary>
    Random,

    /// <summary>By what it has learned of states like the present one: answers that led to states seen often are avoided (Mukherjee et al., OOPSLA 2020).</summary>
    QLearning,
}
