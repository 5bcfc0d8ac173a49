using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SimGraph.Runtime;

/// <summary>Assertions that stay on in Release: a broken invariant stops the process before it spreads.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> unless <paramref name="condition"/> holds.</summary>
    /// <param name="condition">What must be true.</param>
    /// <param name="message">What it means when it is not; a constant, so that the check costs nothing when it holds.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        string message,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Throw(message, expression);
        }
    }

    [DoesNotReturn]
    private static void Throw(string message, string expression) => throw new InvariantViolationException($"{message} [{expression}]");
}
