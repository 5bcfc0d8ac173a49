using System.Numerics;

namespace SimGraph.Properties.Linearizability.Search;

/// <summary>Which operations have been put into the order; one bit each, and a hash that follows every change.</summary>
internal sealed class OperationSet(int operations)
{
    private const int BitsPerWord = 64;
    private readonly ulong[] _words = new ulong[(operations + BitsPerWord - 1) / BitsPerWord];

    /// <summary>Equal for equal sets.</summary>
    public ulong Hash { get; private set; }

    public bool Contains(int operation) => (_words[operation / BitsPerWord] >> (operation % BitsPerWord) & 1) != 0;

    /// <summary>Adds the operation, or takes it out.</summary>
    public void Flip(int operation)
    {
        _words[operation / BitsPerWord] ^= 1UL << (operation % BitsPerWord);
        Hash ^= StateHash.Mix((ulong)operation);
    }

    /// <summary>
    /// What tells this set from others, cut to the words that are neither full at the begin nor empty at the end: in a long history most of the past is done and most
    /// of the future is not.
    /// </summary>
    public (int First, ulong[] Words) Save()
    {
        int first = 0;
        int end = _words.Length;
        while (first < end && BitOperations.PopCount(_words[first]) == BitsPerWord)
        {
            first++;
        }

        while (end > first && _words[end - 1] == 0)
        {
            end--;
        }

        return (first, _words[first..end]);
    }
}
