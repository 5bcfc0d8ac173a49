namespace SimGraph.RewriteCheck;

/// <summary>What becomes of a refused form in rewritten code. The number is that of the build error.</summary>
internal enum Harm
{
    /// <summary>Memory corruption, InvalidProgramException or VerificationException.</summary>
    Crash = 1,

    /// <summary>The wait is out of Coyote's sight: a hang, a deadlock that is none, or a refusal in strict mode.</summary>
    Unseen = 2,

    /// <summary>It runs, but means something else, or no longer races.</summary>
    Misread = 3,

    /// <summary>The answer is not a choice of Coyote's, so that no trace replays it.</summary>
    Unrepeatable = 4,
}
