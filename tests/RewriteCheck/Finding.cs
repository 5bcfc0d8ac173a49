using System.Globalization;

namespace SimGraph.RewriteCheck;

/// <summary>A refused form at its place.</summary>
internal sealed record Finding(RefusedForm Form, string Method, string File, int Line, int Column)
{
    /// <summary>As compilers write errors, so that builds and editors show the place.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{File}({Line},{Column}): error FINE00{(int)Form.Harm}: {Method}: {Form.Name} is refused in code that Coyote rewrites: {Form.Why}. Instead, {Form.Instead}. See docs/coyote.md.");
}
