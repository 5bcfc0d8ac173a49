using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>Writers, of whom some give up, one reader, and somebody who closes it.</summary>
internal sealed class MailboxTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "mailbox")
{
    internal const string WithdrawnProbe = "primitives.mailbox.withdrawn";
    private readonly Queue<int> _items = new();
    private readonly LinkedList<(int Item, Expectation Post)> _waiting = new();
    private Mailbox<int> _mailbox = new(1);
    private Expectation? _reader;
    private int _capacity;
    private int _posts;
    private bool _closed;

    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        _capacity = 1 + Draw(3);
        _mailbox = new Mailbox<int>(_capacity);
        _items.Clear();
        _waiting.Clear();
        _reader = null;
        _closed = false;
        int writers = 1 + Draw(4);
        await UseAsync(writers + 2, user => user == 0 ? ReadAsync() : user == 1 ? CloseAsync() : WriteAsync());
        Check(_mailbox.IsClosed && _mailbox.Count == 0, "a closed mailbox that was read to its end is empty");
    }

    private async Task WriteAsync()
    {
        for (int left = 2 + Draw(6); left > 0; left--)
        {
            await PauseAsync();
            int item = ++_posts;
            if (Percent(20))
            {
                bool expected = !_closed && _items.Count < _capacity;
                Accept(item, expected);
                Check(_mailbox.TryPost(item) == expected, "TryPost takes what there is room for");
                CheckCount();
            }
            else if (Percent(40))
            {
                await PostAndGiveUpAsync(item);
            }
            else
            {
                var post = new Expectation();
                await JudgeAsync("PostAsync", post, token => PostAsync(item, post, token), CancellationToken.None);
            }
        }
    }

    private async Task PostAndGiveUpAsync(int item)
    {
        using var given = new CancellationTokenSource();
        var post = new Expectation();
        bool before = Percent(20);
        if (before)
        {
            GiveUp(post, given);
        }

        Task posting = JudgeAsync("PostAsync", post, token => PostAsync(item, post, token), given.Token);
        await PauseAsync();
        if (!before)
        {
            GiveUp(post, given);
        }

        await posting;
    }

    private Task<bool> PostAsync(int item, Expectation post, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            post.Decide(CallEnd.Cancelled, Now);
        }
        else if (_closed)
        {
            post.Decide(CallEnd.Refused, Now);
        }
        else if (_items.Count < _capacity)
        {
            post.Decide(CallEnd.Done, Now);
            Accept(item, taken: true);
        }
        else
        {
            _waiting.AddLast((item, post));
        }

        Task<bool> posting = _mailbox.PostAsync(item, cancellationToken);
        CheckCount();
        return posting;
    }

    private void GiveUp(Expectation post, CancellationTokenSource given)
    {
        LinkedListNode<(int Item, Expectation Post)>? place = _waiting.First;
        while (place is not null && place.Value.Post != post)
        {
            place = place.Next;
        }

        if (place is not null)
        {
            Reached(WithdrawnProbe);
            _waiting.Remove(place);
            post.Decide(CallEnd.Cancelled, Now);
        }

        given.Cancel();
    }

    private void Accept(int item, bool taken)
    {
        if (taken)
        {
            _items.Enqueue(item);
            Wake(CallEnd.Done);
        }
    }

    private void Wake(CallEnd end)
    {
        if (_reader is { IsOpen: true })
        {
            _reader.Decide(end, Now);
        }
    }

    private async Task ReadAsync()
    {
        while (!_closed || _items.Count > 0)
        {
            using var given = new CancellationTokenSource();
            var reader = new Expectation();
            Task waiting = JudgeAsync("WaitToReceiveAsync", reader, token => WaitToReceiveAsync(reader, token), given.Token);
            if (Percent(30))
            {
                await PauseAsync();

                // Who has been woken, and has not gone on yet, looks at its token again.
                if (!waiting.IsCompleted)
                {
                    reader.Decide(CallEnd.Cancelled, Now);
                }

                given.Cancel();
            }

            await waiting;
            for (int most = Draw(4); most > 0; most--)
            {
                Receive();
            }

            if (Percent(50))
            {
                await PauseAsync();
            }
        }

        Check(!_mailbox.TryReceive(out _), "nothing is received from an empty mailbox");
    }

    private Task<bool> WaitToReceiveAsync(Expectation reader, CancellationToken cancellationToken)
    {
        if (_items.Count > 0)
        {
            reader.Decide(CallEnd.Done, Now);
        }
        else if (_closed)
        {
            reader.Decide(CallEnd.Refused, Now);
        }
        else
        {
            _reader = reader;
        }

        return _mailbox.WaitToReceiveAsync(cancellationToken);
    }

    private void Receive()
    {
        bool expected = _items.TryDequeue(out int item);
        if (expected && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.Post.Decide(CallEnd.Done, Now);
            _items.Enqueue(first.Value.Item);
        }

        bool received = _mailbox.TryReceive(out int actual);
        Check(received == expected && (!expected || actual == item), $"{(received ? $"item {actual}" : "nothing")} is received where {(expected ? $"item {item}" : "nothing")} is next");
        CheckCount();
    }

    private async Task CloseAsync()
    {
        for (int pauses = Draw(8); pauses > 0; pauses--)
        {
            await PauseAsync();
        }

        for (int times = 1 + Draw(2); times > 0; times--)
        {
            _closed = true;
            foreach ((_, Expectation post) in _waiting)
            {
                post.Decide(CallEnd.Refused, Now);
            }

            _waiting.Clear();
            Wake(_items.Count > 0 ? CallEnd.Done : CallEnd.Refused);
            _mailbox.Close();
            Check(_mailbox.IsClosed, "a mailbox that was closed says so");
            await PauseAsync();
        }
    }

    private void CheckCount() => Check(_mailbox.Count == _items.Count, $"the mailbox holds {_mailbox.Count} items where it holds {_items.Count}");
}
