using System.IO.Hashing;
using System.Text;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

public sealed class ExplorationArtifactTests
{
    [Fact]
    public void A_failed_run_is_recorded_and_its_replay_is_the_same_run_without_the_seed()
    {
        using var folder = new TemporaryFolder();
        ExplorationScenario scenario = ExplorationScenario.LostUpdate();
        CampaignReport report = new Explorer(scenario, new ExplorerOptions { Jobs = 2, Seeds = 200, ArtifactFolder = folder.Path })
            .Run(TestContext.Current.CancellationToken);
        ViolationGroup group = Assert.Single(report.Violations);
        RunArtifact artifact = RunArtifact.Load(group.ArtifactPath!);

        Assert.Equal($"lost-update-swarm-{group.FirstSeed}.simgraph", Path.GetFileName(group.ArtifactPath));
        Assert.Equal((group.Hash, group.FirstSeed, group.First), (artifact.Hash, artifact.Seed, artifact.Violation));
        Assert.Equal(group.Options, artifact.Options);

        // The seed is replaced: only the recorded choices can bring the run back.
        ReplayReport replay = Replay.Run(scenario, artifact with { Seed = group.FirstSeed + 1 }, new ScenarioRequest { Seed = 0 });
        Assert.True(replay.HashCameBack);
        Assert.True(replay.ViolationCameBack);
        Assert.Empty(replay.ChangedAssemblies);
    }

    [Fact]
    public void A_run_of_a_seed_is_the_same_run_every_time()
    {
        ExplorationScenario scenario = ExplorationScenario.LostUpdate();
        var request = new ScenarioRequest { Seed = 42 };
        Assert.Equal(scenario.Run(request).Result.Hash, scenario.Run(request).Result.Hash);
        Assert.NotEqual(scenario.Run(request).Result.Hash, scenario.Run(request with { Seed = 43 }).Result.Hash);
    }

    [Fact]
    public void A_replay_of_other_code_is_told_from_one_of_the_same()
    {
        RunArtifact artifact = Record(ExplorationScenario.LostUpdate());
        ReplayReport replay = Replay.Run(
            new ExplorationScenario("lost-update", async (world, platform) =>
            {
                _ = platform.Random.Get("new").Next();
                await ExplorationScenario.RaceAsync(world, platform);
            }),
            artifact with { Build = new BuildIdentity([new KeyValuePair<string, Guid>("SimGraph.Simulation", Guid.Empty)]) },
            new ScenarioRequest { Seed = 0 });
        Assert.True(replay.Diverged);
        Assert.False(replay.HashCameBack);
        Assert.Contains("SimGraph.Simulation", replay.ChangedAssemblies);
    }

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        RunArtifact artifact = Record(ExplorationScenario.Failing(ViolationClass.Leak));
        RunArtifact decoded = RunArtifact.Decode(ArtifactBytes(artifact), "it");
        Assert.Equal(artifact.Violation, decoded.Violation);
        Assert.Equal(artifact.Options, decoded.Options);
        Assert.Equal(artifact.Build.Modules, decoded.Build.Modules);
        Assert.Equal(artifact.Checkpoints, decoded.Checkpoints);
        Assert.Equal((artifact.Scenario, artifact.Profile, artifact.Seed, artifact.Hash, artifact.Steps), (decoded.Scenario, decoded.Profile, decoded.Seed, decoded.Hash, decoded.Steps));
        Assert.Equal(Choices(artifact.Choices), Choices(decoded.Choices));
        Assert.True(artifact.Choices.Count > 0);
    }

    [Fact]
    public void A_file_with_any_bit_changed_or_any_byte_missing_is_refused_in_one_line()
    {
        byte[] bytes = ArtifactBytes(Record(ExplorationScenario.Failing(ViolationClass.Safety)));
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bytes[i] ^= (byte)(1 << bit);
                AssertRefused(bytes);
                bytes[i] ^= (byte)(1 << bit);
            }

            AssertRefused(bytes[..i]);
        }

        AssertRefused([.. bytes, 0]);
        Assert.NotNull(RunArtifact.Decode(bytes, "whole"));
    }

    [Fact]
    public void A_body_with_any_byte_changed_under_a_right_checksum_is_refused_or_read_but_never_anything_else()
    {
        byte[] bytes = ArtifactBytes(Record(ExplorationScenario.Failing(ViolationClass.Safety)));
        int refused = 0;
        for (int i = 12; i < bytes.Length - 16; i++)
        {
            foreach (byte value in (byte[])[0, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. bytes];
                changed[i] = value;
                XxHash128.Hash(changed.AsSpan(0, changed.Length - 16)).CopyTo(changed.AsSpan(changed.Length - 16));
                try
                {
                    Assert.NotNull(RunArtifact.Decode(changed, "changed"));
                }
                catch (ArtifactException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void A_newer_file_and_a_foreign_one_are_told_apart()
    {
        byte[] bytes = ArtifactBytes(Record(ExplorationScenario.Failing(ViolationClass.Safety)));
        bytes[8] = byte.MaxValue;
        Assert.Contains("format 255", Assert.Throws<ArtifactException>(() => RunArtifact.Decode(bytes, "newer")).Message, StringComparison.Ordinal);
        byte[] foreign = Encoding.UTF8.GetBytes("#!/bin/sh\necho this is no artifact\n");
        Assert.Equal("foreign: not an artifact of simgraph", Assert.Throws<ArtifactException>(() => RunArtifact.Decode(foreign, "foreign")).Message);
    }

    [Fact]
    public void A_file_that_is_missing_or_a_folder_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string missing = Path.Combine(folder.Path, "missing.simgraph");
        Assert.Equal($"{missing}: there is no such file", Assert.Throws<ArtifactException>(() => RunArtifact.Load(missing)).Message);
        Assert.DoesNotContain('\n', Assert.Throws<ArtifactException>(() => RunArtifact.Load(folder.Path)).Message);
    }

    private static RunArtifact Record(IScenario scenario)
    {
        RunArtifact artifact = RunRecorder.Record(scenario, new ScenarioRequest { Seed = 5 }, out bool stopped);
        Assert.False(stopped);
        return artifact;
    }

    private static byte[] ArtifactBytes(RunArtifact artifact)
    {
        using var folder = new TemporaryFolder();
        return File.ReadAllBytes(artifact.Save(folder.Path));
    }

    private static void AssertRefused(byte[] bytes)
    {
        string message = Assert.Throws<ArtifactException>(() => RunArtifact.Decode(bytes, "it")).Message;
        Assert.DoesNotContain('\n', message);
    }

    private static IEnumerable<(uint Value, ushort Question)> Choices(ChoiceRecording recording) =>
        Enumerable.Range(0, recording.Count).Select(i => (recording.ValueAt(i), recording.QuestionAt(i)));
}
