// Linearizable reads without clocks (dissertation section 6.4, read-index). Reads wait until a round begins; a round is one exchange of heartbeats
// that started after every read in it was requested, and once a quorum has answered it, this node was still the leader when the round began, so
// the commit index noted then is no older than anything acknowledged before. One round is open at a time: reads that come meanwhile share the next one.
// A change of the membership begins an open round anew, so that no round is counted with two configurations.
// Round numbers are never reused within the life of a core; answers of other terms never arrive here.

namespace SimGraph.Cluster.Consensus;

internal sealed class ReadRounds
{
    private bool[] _acknowledged = [];
    private int _voters;
    private List<ulong> _waiting = [];
    private List<ulong> _inRound = [];
    private ulong _lastRound;
    private ulong _index;
    private int _acknowledgements;

    /// <summary>Reads without an answer.</summary>
    public int Count => _waiting.Count + _inRound.Count;

    /// <summary>Number of the open round, 0 for none.</summary>
    public ulong OpenRound => _inRound.Count == 0 ? 0 : _lastRound;

    public bool CanBegin => _waiting.Count > 0 && _inRound.Count == 0;

    public void Add(ulong context) => _waiting.Add(context);

    /// <param name="commitIndex">The commit index now.</param>
    /// <param name="slots">Members, each with a slot for its answer.</param>
    /// <param name="voters">How many of them vote.</param>
    public void Begin(ulong commitIndex, int slots, int voters)
    {
        (_waiting, _inRound) = (_inRound, _waiting);
        _lastRound++;
        _index = commitIndex;
        _acknowledgements = 0;
        _voters = voters;
        if (_acknowledged.Length == slots)
        {
            Array.Clear(_acknowledged);
        }
        else
        {
            _acknowledged = new bool[slots];
        }
    }

    /// <summary>Counts a voter's answer to a round; when a quorum is complete, the reads of the round are confirmed.</summary>
    public void Acknowledge(ulong round, int slot, List<ReadConfirmation> confirmed)
    {
        if (round == 0 || round != OpenRound || _acknowledged[slot])
        {
            return;
        }

        _acknowledged[slot] = true;
        _acknowledgements++;
        if (_acknowledgements < Quorum.Size(_voters))
        {
            return;
        }

        for (int i = 0; i < _inRound.Count; i++)
        {
            confirmed.Add(new ReadConfirmation(_inRound[i], _index));
        }

        _inRound.Clear();
    }

    /// <summary>Another configuration is in force: the reads of an open round wait for the next one.</summary>
    public void Reopen()
    {
        _inRound.AddRange(_waiting);
        _waiting.Clear();
        (_waiting, _inRound) = (_inRound, _waiting);
    }

    /// <summary>Gives all reads up.</summary>
    public void Drop(List<ulong> failed)
    {
        failed.AddRange(_inRound);
        failed.AddRange(_waiting);
        _inRound.Clear();
        _waiting.Clear();
    }
}
