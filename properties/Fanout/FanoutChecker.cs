// What every member applies over TCP and every read replica applies over ZeroMQ must be one history: at each index the same term and, of the whole state, the same
// digest. A replica applies index after index, from what its disk kept or from a state that it was sent.

using System.Globalization;
using SimGraph.Replication.StateMachine;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Fanout;

internal sealed class FanoutChecker(World world)
{
    private readonly Dictionary<ulong, (ulong Term, UInt128 Digest, string By)> _states = [];

    /// <summary>The highest index that anybody applied.</summary>
    public ulong Newest { get; private set; }

    /// <summary>A state was reached, by applying, by recovery or by installation.</summary>
    public void Reached(string machine, ReplicatedStateMachine state, bool isMember)
    {
        ulong index = state.AppliedIndex;
        if (index == 0)
        {
            return;
        }

        if (_states.TryGetValue(index, out (ulong Term, UInt128 Digest, string By) known))
        {
            world.Count(isMember ? "fanout.compared-over-tcp" : "fanout.compared-over-zeromq");
            if (known.Term != state.AppliedTerm || known.Digest != state.Digest)
            {
                world.Fail(ViolationClass.Safety, "fanout.diverged", string.Create(
                    CultureInfo.InvariantCulture,
                    $"at entry {index} {machine} is of term {state.AppliedTerm} and digest {state.Digest:x}, {known.By} of term {known.Term} and digest {known.Digest:x}"));
            }

            return;
        }

        if (!isMember)
        {
            world.Fail(ViolationClass.Safety, "fanout.applied-before-members", $"{machine} applied entry {index}, which no member has applied");
            return;
        }

        _states.Add(index, (state.AppliedTerm, state.Digest, machine));
        Newest = Math.Max(Newest, index);
    }
}
