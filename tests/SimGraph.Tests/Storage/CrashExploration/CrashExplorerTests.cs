// The explorers find what they are for. Each defect of the toy is one that a storage component has had; the sound toy passes all of them.

using SimGraph.Properties.Storage;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using Xunit;

namespace SimGraph.Tests.Storage.CrashExploration;

public sealed class CrashExplorerTests
{
    private static readonly StorageLimits Limits = StorageLimits.Of(Profiles.Swarm);

    [Fact]
    public void A_sound_component_passes_every_explorer()
    {
        Assert.Null(ExploreCrashes(ToyDefect.None).Violation);
        Assert.Null(ExploreFailures(ToyDefect.None).Violation);
        Assert.Null(ExploreLives(ToyDefect.None).Violation);
        Assert.Null(ExploreStops(ToyDefect.None).Violation);
        Assert.Null(ExploreRot(ToyDefect.None).Violation);
    }

    [Theory]
    [InlineData(nameof(ToyDefect.NoFlush))]
    [InlineData(nameof(ToyDefect.NoFolderFlush))]
    [InlineData(nameof(ToyDefect.OverwritesInPlace))]
    [InlineData(nameof(ToyDefect.AcknowledgesBeforeFlush))]
    [InlineData(nameof(ToyDefect.TrustsWhatItFinds))]
    public void Crashing_at_every_operation_finds_it(string defect) =>
        Assert.StartsWith("toy.", ExploreCrashes(Enum.Parse<ToyDefect>(defect)).Violation?.Name, StringComparison.Ordinal);

    [Fact]
    public void Failing_every_operation_finds_a_flush_that_is_tried_again() =>
        Assert.StartsWith("toy.", ExploreFailures(ToyDefect.TriesFlushAgain).Violation?.Name, StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(ToyDefect.NoFlush))]
    [InlineData(nameof(ToyDefect.OverwritesInPlace))]
    public void Long_lives_find_it(string defect) =>
        Assert.StartsWith("toy.", ExploreLives(Enum.Parse<ToyDefect>(defect)).Violation?.Name, StringComparison.Ordinal);

    [Fact]
    public void Stopping_at_every_operation_while_the_disk_hangs_finds_who_does_not_listen() =>
        Assert.Equal("toy.gives-up-late", ExploreStops(ToyDefect.DoesNotListen).Violation?.Name);

    [Fact]
    public void Flipping_bits_finds_a_component_that_looks_at_no_checksum() =>
        Assert.Equal("toy.rot-unnoticed", ExploreRot(ToyDefect.ReadsUnchecked).Violation?.Name);

    [Fact]
    public void A_violation_names_the_moment_the_survivor_and_the_plan()
    {
        string message = ExploreCrashes(ToyDefect.NoFlush).Violation!.Message;

        Assert.Contains("before operation", message, StringComparison.Ordinal);
        Assert.Contains("survivor:", message, StringComparison.Ordinal);
        Assert.Contains("toy with NoFlush", message, StringComparison.Ordinal);
    }

    private static WorldSeries ExploreCrashes(ToyDefect defect) => UntilFound((worlds, seed) =>
        new CrashExplorer(worlds, Limits, seed).Explore(_ => new ToyWorkload(defect, 3)));

    private static WorldSeries ExploreFailures(ToyDefect defect) => UntilFound((worlds, seed) =>
        new FailureExplorer(worlds, Limits, seed).Explore(() => new ToyWorkload(defect, 3), new ToyWorkload(defect, 2)));

    private static WorldSeries ExploreLives(ToyDefect defect) => UntilFound((worlds, seed) =>
        new LivesExplorer(worlds, seed).Explore(
            [.. Enumerable.Range(0, 30).Select(life => new LifePlan(new ToyPlan(defect, 10), DiskFaultOptions.None, 1 + (life * 7 % 40), life % 3 == 0 ? LifeEnd.Crash : LifeEnd.PowerLoss))]));

    private static WorldSeries ExploreStops(ToyDefect defect) => UntilFound((worlds, seed) =>
        new StopExplorer(worlds, Limits, seed).Explore(() => new ToyWorkload(defect, 3), new ToyWorkload(defect, 2)));

    private static WorldSeries ExploreRot(ToyDefect defect) => UntilFound((worlds, seed) =>
        new RotExplorer(worlds, Limits with { FlipsMax = 500 }, seed).Explore(new ToyWorkload(defect, 2)));

    private static WorldSeries UntilFound(Action<WorldSeries, ulong> explore)
    {
        const ulong SeedsMax = 8;
        for (ulong seed = 1; ; seed++)
        {
            var worlds = new WorldSeries(new ScenarioRequest { Seed = seed }, seed, chancePoints: false, static _ => false);
            explore(worlds, seed);
            if (worlds.Violation is not null || seed == SeedsMax)
            {
                return worlds;
            }
        }
    }
}
