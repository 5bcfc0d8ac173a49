using SimGraph.Coyote.Tests.Engine;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Races on plain fields, with nothing between the accesses at which the ordinary lane could change over: only the lane with memory accesses sees them.</summary>
public sealed class PlainFieldScenarios
{
    private const int Schedules = 200;

    [Fact]
    public void An_increment_that_gets_lost_is_found_where_memory_accesses_interleave()
    {
        FineLaneOutcome found = FineLane.Search("planted lost increment", Schedules, async () =>
        {
            var counter = new Counter();
            Task[] adders = [Task.Run(counter.Add), Task.Run(counter.Add)];
            await Task.WhenAll(adders);
            Assert.True(counter.Value == 2, "an increment got lost");
        });
        AssertFoundByMemoryAccesses("an increment got lost", found);
    }

    [Fact]
    public void A_field_that_is_set_before_what_it_announces_is_found_where_memory_accesses_interleave()
    {
        FineLaneOutcome found = FineLane.Search("planted early announcement", Schedules, async () =>
        {
            var box = new Box();
            Task writer = Task.Run(box.Fill);
            Task reader = Task.Run(box.AssertFullWhenReady);
            await writer;
            await reader;
        });
        AssertFoundByMemoryAccesses("ready, but empty", found);
    }

    private static void AssertFoundByMemoryAccesses(string bug, FineLaneOutcome found)
    {
        if (FineLaneMode.MemoryAccesses)
        {
            Assert.Contains(bug, found.Bug, StringComparison.Ordinal);
        }
        else
        {
            Assert.Null(found.Bug);
        }
    }

    private sealed class Counter
    {
        private int _value;

        internal int Value => Volatile.Read(ref _value);

        internal void Add() => _value++;
    }

    private sealed class Box
    {
        private bool _isReady;
        private string? _content;

        internal void Fill()
        {
            _isReady = true;
            _content = "full";
        }

        internal void AssertFullWhenReady()
        {
            bool ready = _isReady;
            Assert.True(!ready || _content is not null, "ready, but empty");
        }
    }
}
