// The votes of one ballot. A ballot is bound to its term and kind when it begins; a vote cast for another term or kind is not counted, so votes
// gathered for term T cannot elect in T + 1. Each voter counts once, whatever the network repeats.

namespace SimGraph.Cluster.Consensus;

internal sealed class VoteTally
{
    private Ballot[] _ballots = [];
    private int _voters;
    private int _granted;
    private int _rejected;
    private ulong _term;
    private bool _preVote;

    private enum Ballot : byte
    {
        None = 0,
        Granted = 1,
        Rejected = 2,
    }

    public VoteOutcome Outcome => Quorum.Outcome(_voters, _granted, _rejected);

    /// <param name="term">Votes for this term count.</param>
    /// <param name="preVote">Whether they are pre-votes.</param>
    /// <param name="slots">Members, each with a slot for its vote.</param>
    /// <param name="voters">How many of them vote.</param>
    public void Begin(ulong term, bool preVote, int slots, int voters)
    {
        _voters = voters;
        _term = term;
        _preVote = preVote;
        _granted = 0;
        _rejected = 0;
        _ballots = new Ballot[slots];
    }

    /// <summary>Counts the vote of a voter.</summary>
    public void Record(ulong term, bool preVote, int slot, bool granted)
    {
        if (term != _term || preVote != _preVote || _ballots[slot] != Ballot.None)
        {
            return;
        }

        _ballots[slot] = granted ? Ballot.Granted : Ballot.Rejected;
        if (granted)
        {
            _granted++;
        }
        else
        {
            _rejected++;
        }
    }
}
