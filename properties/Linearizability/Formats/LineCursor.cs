using System.Globalization;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Reads one line of a history from left to right, and says where it does not understand it.</summary>
internal ref struct LineCursor(int line, ReadOnlySpan<char> text)
{
    private const int ShownMax = 40;
    private ReadOnlySpan<char> _rest = text.TrimEnd();

    public int Line { get; } = line;

    public readonly bool IsAtEnd => _rest.TrimStart().IsEmpty;

    /// <summary>The next word, up to a blank; empty at the end.</summary>
    public ReadOnlySpan<char> Word()
    {
        _rest = _rest.TrimStart();
        int end = _rest.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    /// <summary>The next word, which must be there.</summary>
    public ReadOnlySpan<char> Word(string what)
    {
        ReadOnlySpan<char> word = Word();
        return word.IsEmpty ? throw Wrong($"{what} is missing") : word;
    }

    /// <summary>Skips blanks and then exactly this.</summary>
    public void Expect(string what)
    {
        _rest = _rest.TrimStart();
        if (!_rest.StartsWith(what, StringComparison.Ordinal))
        {
            throw Wrong($"expected '{what}' at '{Shorten(_rest)}'");
        }

        _rest = _rest[what.Length..];
    }

    /// <summary>Skips blanks and this if it is there.</summary>
    public bool TryTake(string what)
    {
        ReadOnlySpan<char> rest = _rest.TrimStart();
        if (!rest.StartsWith(what, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = rest[what.Length..];
        return true;
    }

    /// <summary>A whole number.</summary>
    public long Number(string what)
    {
        ReadOnlySpan<char> digits = Digits();
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Wrong($"{what} is no whole number: '{Shorten(digits.IsEmpty ? _rest : digits)}'");
    }

    /// <summary>The number of a client, from 0.</summary>
    public int Client()
    {
        long number = Number("the client");
        return number is >= 0 and <= int.MaxValue ? (int)number : throw Wrong($"there is no client {number}");
    }

    /// <summary>A text in double quotes, in which a backslash stands before a quote or a backslash.</summary>
    public string Quoted()
    {
        Expect("\"");
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < _rest.Length; i++)
        {
            switch (_rest[i])
            {
                case '"':
                    _rest = _rest[(i + 1)..];
                    return text.ToString();
                case '\\' when i + 1 < _rest.Length && _rest[i + 1] is '"' or '\\':
                    text.Append(_rest[++i]);
                    break;
                case '\\':
                    throw Wrong("a backslash stands before a quote or a backslash only");
                default:
                    text.Append(_rest[i]);
                    break;
            }
        }

        throw Wrong("a text has no end");
    }

    /// <summary>Nothing may follow.</summary>
    public readonly void End()
    {
        if (!IsAtEnd)
        {
            throw Wrong($"nothing more was expected, but there is '{Shorten(_rest.TrimStart())}'");
        }
    }

    public readonly HistoryFormatException Wrong(string problem) => new(Line, problem);

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= ShownMax ? text.ToString() : $"{text[..ShownMax]}…";

    private ReadOnlySpan<char> Digits()
    {
        _rest = _rest.TrimStart();
        int length = _rest.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        while (length < _rest.Length && char.IsAsciiDigit(_rest[length]))
        {
            length++;
        }

        ReadOnlySpan<char> digits = _rest[..length];
        _rest = _rest[length..];
        return digits;
    }
}
