// Run by the build before Coyote rewrites (tests/CoyoteRewrite.targets).

using SimGraph.RewriteCheck;

return RewriteCheckProgram.Run(args, Console.Out);
