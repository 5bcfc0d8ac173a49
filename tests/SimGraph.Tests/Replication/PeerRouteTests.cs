using SimGraph.Replication.Peers;
using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class PeerRouteTests
{
    private static readonly NetworkAddress Configured = new("configured", 1);
    private static readonly NetworkAddress Found = new("found", 1);
    private static readonly NetworkAddress Lie = new("lie", 1);

    [Fact]
    public void News_are_tried_first_and_kept_when_they_are_true()
    {
        var route = new PeerRoute(Configured);
        Assert.Equal(Found, route.Next(Found));
        route.Succeeded(Found);
        route.Failed();
        Assert.Equal(Found, route.Next(Found));
    }

    [Fact]
    public void What_is_configured_gets_every_second_attempt_however_often_the_news_change()
    {
        var route = new PeerRoute(Configured);
        for (int lie = 1; lie <= 20; lie++)
        {
            Assert.Equal(lie % 2 == 1 ? Lie with { Port = lie } : Configured, route.Next(Lie with { Port = lie }));
            route.Failed();
        }
    }

    [Fact]
    public void Where_the_peer_was_reached_is_not_left_for_news_that_are_old()
    {
        var route = new PeerRoute(Configured);
        Assert.Equal(Lie, route.Next(Lie));
        route.Failed();
        Assert.Equal(Configured, route.Next(Lie));
        route.Succeeded(Configured);
        Assert.Equal(Configured, route.Next(Lie));
    }

    [Fact]
    public void Where_the_peer_was_reached_last_and_what_is_configured_take_turns_beside_the_news()
    {
        var route = new PeerRoute(Configured);
        Assert.Equal(Found, route.Next(Found));
        route.Succeeded(Found);
        var tried = new List<NetworkAddress?>();
        for (int attempt = 0; attempt < 4; attempt++)
        {
            tried.Add(route.Next(Lie));
            route.Failed();
        }

        Assert.Equal([Lie, Found, Lie, Configured], tried);
    }

    [Fact]
    public void What_the_peer_said_itself_is_tried_beside_lies_even_if_nothing_else_is_known()
    {
        var route = new PeerRoute(null);
        Assert.Equal(Lie, route.Next(Lie, Found));
        route.Failed();
        Assert.Equal(Found, route.Next(Lie, Found));
        route.Succeeded(Found);
        Assert.Equal(Found, route.Next(Lie, Found));
    }

    [Fact]
    public void There_may_be_nothing_to_dial()
    {
        var route = new PeerRoute(null);
        Assert.Null(route.Next(null));
        route.Failed();
        Assert.Equal(Found, route.Next(Found));
        route.Failed();
        Assert.Equal(Found, route.Next(Found));
    }
}
