namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>Colours and fonts: dark on light, told apart without colour by dashes and weight.</summary>
internal static class Style
{
    public const string Mono = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

    public const string Page =
        """
        body { margin: 2rem; background: #ffffff; color: #1d2126; font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
        h1 { font-size: 1.4rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
        p { margin: .2rem 0; max-width: 60rem; }
        pre { background: #f6f7f9; border: 1px solid #e2e5e9; border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; font: 13px/1.45 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
        .figure { overflow-x: auto; border: 1px solid #e2e5e9; border-radius: 6px; margin: .6rem 0; }
        .key { display: inline-block; padding: 0 .5rem; border: 1px solid; border-radius: 4px; margin-right: .4rem; font-size: 13px; }
        """;

    public static (string Fill, string Stroke, string Text) Of(BarKind kind) => kind switch
    {
        BarKind.Write => ("#dce9f7", "#3f6fa3", "#16324f"),
        BarKind.Read => ("#e4f1e1", "#5b8f4f", "#1f3d18"),
        BarKind.Unknown => ("#f3f3f3", "#8a8f96", "#4a5058"),
        _ => ("#fbdad6", "#b3261e", "#7a130d"),
    };
}
