using Mono.Cecil.Cil;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>A place in a method where an operator applies.</summary>
/// <param name="Operator">Which.</param>
/// <param name="At">The instruction.</param>
internal readonly record struct MutationSite(MutationOperator Operator, Instruction At);
