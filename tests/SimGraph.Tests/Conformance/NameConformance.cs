// The contract of the name seam, run against the operating system's resolver and against the simulator.

using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>Every promise of <see cref="INameResolver"/>.</summary>
public abstract class NameConformance
{
    /// <summary>A name that resolves for that platform.</summary>
    protected abstract string NameOf(IPlatform platform);

    /// <summary>Runs a body on the platform under test.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);

    [Fact]
    public void A_known_name_stands_for_hosts_each_once_and_in_order() => Run(async platform =>
    {
        IReadOnlyList<string> hosts = await platform.Names.ResolveAsync(NameOf(platform), CancellationToken.None);
        Assert.NotEmpty(hosts);
        Assert.Equal(hosts.Distinct().Order(StringComparer.Ordinal), hosts);
    });

    [Fact]
    public void An_address_stands_for_itself() => Run(async platform =>
    {
        Assert.Equal(["192.0.2.7"], await platform.Names.ResolveAsync("192.0.2.7", CancellationToken.None));
        Assert.Equal(["2001:db8::7"], await platform.Names.ResolveAsync("2001:db8::7", CancellationToken.None));
    });

    [Fact]
    public void An_unknown_name_is_unreachable() => Run(async platform =>
    {
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await platform.Names.ResolveAsync("no such name.invalid", CancellationToken.None));
        Assert.Equal(NetworkError.Unreachable, failure.Error);
        Assert.Contains("no such name.invalid", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_cancelled_lookup_is_cancelled() => Run(async platform =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await platform.Names.ResolveAsync(NameOf(platform), new CancellationToken(canceled: true))));
}
