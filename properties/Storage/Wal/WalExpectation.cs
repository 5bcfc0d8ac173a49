using System.Collections.Immutable;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Storage.Wal;

/// <summary>What a log must hold, and what it may hold besides. Immutable.</summary>
/// <param name="Certain">What was acknowledged.</param>
/// <param name="Pending">What was appended behind it and not acknowledged, in order: any prefix may be there, the last batch of it in part.</param>
/// <param name="Past">What was certain before, newest last: for damage that takes an end away.</param>
internal sealed record WalExpectation(WalModel Certain, ImmutableList<LogBatch> Pending, ImmutableList<WalModel> Past)
{
    public static WalExpectation Nothing { get; } = new(WalModel.Empty, [], [WalModel.Empty]);

    /// <summary>The log after everything that was appended.</summary>
    public WalModel Whole()
    {
        WalModel model = Certain;
        foreach (LogBatch batch in Pending)
        {
            model = model.After(batch);
        }

        return model;
    }

    /// <summary>The first batches became certain.</summary>
    public WalExpectation Acknowledged(int count)
    {
        WalModel model = Certain;
        ImmutableList<WalModel> past = Past;
        for (int i = 0; i < count; i++)
        {
            past = past.AddRange(model.Steps(Pending[i]));
            model = model.After(Pending[i]);
        }

        return new WalExpectation(model, Pending.RemoveRange(0, count), past);
    }

    /// <summary>This is what a recovery found, and from then on it is certain. It must be among what may be there.</summary>
    /// <exception cref="StorageViolationException">It is not.</exception>
    public WalModel Find(LogRecovery recovery)
    {
        WalModel found = WalModel.Of(recovery);
        if (found.Holds(Certain))
        {
            return Certain;
        }

        WalModel model = Certain;
        foreach (LogBatch batch in Pending)
        {
            foreach (WalModel step in model.Steps(batch))
            {
                if (found.Holds(step))
                {
                    return step;
                }
            }

            model = model.After(batch);
        }

        bool isOlder = Past.Exists(found.Holds);
        throw new StorageViolationException(
            isOlder ? "wal.acknowledged-lost" : "wal.impossible-content",
            $"the log holds\n  {found.Describe()}\nbut certain is\n  {Certain.Describe()}\nand with the {Pending.Count} batches that were not acknowledged it would be\n  {model.Describe()}");
    }
}
