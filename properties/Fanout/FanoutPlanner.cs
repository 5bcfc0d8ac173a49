using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Fanout;

/// <summary>Draws a plan from the run's choices: the shape, which kinds of faults there are at all, how bad they are, the script.</summary>
internal sealed class FanoutPlanner(PlanChoices choices, string profile)
{
    private static readonly int[] Marks = [1000, 2, 3, 10, 100];
    private static readonly int[] Windows = [65536, 1024, 4096, 16384];
    private static readonly int[] Queues = [1000, 2, 16, 64];
    private static readonly int[] Pendings = [4096, 1, 8, 64];
    private static readonly int[] CatchUps = [512 * 1024, 1, 300, 4096];
    private static readonly int[] Chunks = [4096, 1, 500, 64 * 1024];
    private static readonly int[] Flushes = [200, 8, 20, 50, 5000];

    private readonly FaultDraws _faults = new(profile, (option, bound) => choices.Draw($"fanout.{option}", bound));

    public FanoutPlan Draw()
    {
        FanoutPlan shape = DrawShape();
        return profile == Profiles.Performance ? shape : AddFaults(shape);
    }

    private FanoutPlan DrawShape()
    {
        TimeSpan safety = TimeSpan.FromMilliseconds(5_000 + Draw("safety-time", profile == Profiles.Brutal ? 55_000 : 25_000));
        int replicas = 1 + Draw("replicas", 3);
        return new FanoutPlan
        {
            Members = 1 + Draw("members", 3),
            Replicas = replicas,
            OtherCentre = Draw("other-centre", 2) == 1,
            Stranger = profile != Profiles.Performance && Draw("stranger", 4) == 0,
            Writers = 1 + Draw("writers", 2),
            Forwarders = 1 + Draw("forwarders", 2),
            SafetyTime = safety,
            LateReplicaAt = Draw("late-replica", 3) == 0 ? safety * 0.7 : TimeSpan.Zero,
            ThinkTimeMax = TimeSpan.FromMilliseconds(5 + Draw("think-time", 150)),
            ReportInterval = TimeSpan.FromMilliseconds(100 + Draw("report-interval", 900)),
            ReplyLimit = TimeSpan.FromMilliseconds(50 + Draw("reply-limit", 2_000)),
            Mark = Marks[Draw("mark", Marks.Length)],
            QueueMax = Queues[Draw("queue", Queues.Length)],
            InboxMax = Queues[Draw("inbox", Queues.Length)],
            PendingMax = Pendings[Draw("pending", Pendings.Length)],
            CatchUpBytes = CatchUps[Draw("catch-up-bytes", CatchUps.Length)],
            ChunkBytes = Chunks[Draw("chunk-bytes", Chunks.Length)],
            FlushEntries = Flushes[Draw("flush-entries", Flushes.Length)],
            IndexesBehindMax = (ulong)(5 + Draw("behind-max", 200)),
            Network = new NetworkOptions
            {
                LatencyBase = TimeSpan.FromMicroseconds(50 + Draw("latency", 5_000)),
                WindowBytes = Windows[Draw("window", Windows.Length)],
            },
        };
    }

    private FanoutPlan AddFaults(FanoutPlan plan) => plan with
    {
        ChancePoints = _faults.Enabled("chance-points"),
        Network = plan.Network with { Faults = _faults.OfNetwork() },
        Faults = DrawScript(plan),
    };

    private List<FanoutFault> DrawScript(FanoutPlan plan)
    {
        var kinds = Enum.GetValues<FanoutFaultKind>().Where(kind => _faults.Enabled($"script.{kind}")).ToList();
        var script = new List<FanoutFault>();
        if (kinds.Count == 0)
        {
            return script;
        }

        int machines = plan.Members + plan.Replicas + plan.Forwarders + plan.Writers;
        int pauseMax = profile switch { Profiles.Lite => 8_000, Profiles.Brutal => 1_500, _ => 500 + Draw("script.pause-max", 5_000) };
        int durationMax = 100 + Draw("script.duration-max", 15_000);
        double at = 200 + Draw("script.first", 2_000);
        while (at < plan.SafetyTime.TotalMilliseconds)
        {
            script.Add(new FanoutFault(
                TimeSpan.FromMilliseconds(at),
                kinds[Draw("script.kind", kinds.Count)],
                Draw("script.machine", machines),
                Draw("script.other", machines),
                TimeSpan.FromMilliseconds(Draw("script.duration", durationMax))));
            at += 1 + Draw("script.pause", pauseMax);
        }

        return script;
    }

    private int Draw(string option, int bound) => choices.Draw($"fanout.{option}", bound);
}
