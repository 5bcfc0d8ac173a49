// Where in a method which mistake can be made, and how it is made. Works on bodies whose short forms are written out (SimplifyMacros). What the compiler adds is left alone: the dispatch of an
// asynchronous method has no source line, and the test whether an await is done already is known by its call.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Finds and makes mistakes in intermediate language.</summary>
internal static class MutationSites
{
    private const int ConstantMax = 64;
    private const string Tasks = "System.Threading.Tasks";

    /// <summary>All places of a method, in the order of its instructions.</summary>
    public static IEnumerable<MutationSite> Of(MethodDefinition method)
    {
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (OperatorAt(method, instruction) is { } mistake)
            {
                yield return new MutationSite(mistake, instruction);
            }
        }
    }

    /// <summary>Makes the mistake.</summary>
    public static void Apply(MethodDefinition method, MutationSite site)
    {
        ILProcessor il = method.Body.GetILProcessor();
        Instruction at = site.At;
        switch (site.Operator)
        {
            case MutationOperator.NegatedGuard:
                at.OpCode = at.OpCode == OpCodes.Brtrue ? OpCodes.Brfalse : OpCodes.Brtrue;
                break;
            case MutationOperator.Boundary:
                at.OpCode = OtherAtLimit(at.OpCode)!.Value;
                break;
            case MutationOperator.OffByOne:
                at.Operand = (int)at.Operand + 1;
                break;
            case MutationOperator.DroppedAwait:
                Instruction dropped = il.Create(OpCodes.Pop);
                il.InsertAfter(at, dropped);
                il.InsertAfter(dropped, il.Create(OpCodes.Call, Completed(method.Module, (MethodReference)at.Operand)));
                break;
            case MutationOperator.SkippedFlush:
                SkipCall(il, at, Completed(method.Module, (MethodReference)at.Operand));
                break;
            case MutationOperator.SwallowedException:
                var set = (MethodReference)at.Operand;
                at.OpCode = OpCodes.Pop;
                at.Operand = null;
                il.InsertAfter(at, il.Create(OpCodes.Call, new MethodReference("SetResult", method.Module.TypeSystem.Void, set.DeclaringType) { HasThis = true }));
                break;
            case MutationOperator.SkippedCancellation:
                MethodReference none = method.Module.ImportReference(typeof(CancellationToken).GetProperty(nameof(CancellationToken.None))!.GetMethod);
                if (at.OpCode == OpCodes.Ldfld)
                {
                    at.OpCode = OpCodes.Pop;
                    at.Operand = null;
                    il.InsertAfter(at, il.Create(OpCodes.Call, none));
                }
                else
                {
                    at.OpCode = OpCodes.Call;
                    at.Operand = none;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(site));
        }
    }

    /// <summary>The comparison that differs where both sides are equal; null for what is no comparison.</summary>
    private static OpCode? OtherAtLimit(OpCode code) => code.Code switch
    {
        Code.Bge => OpCodes.Bgt,
        Code.Bgt => OpCodes.Bge,
        Code.Ble => OpCodes.Blt,
        Code.Blt => OpCodes.Ble,
        Code.Bge_Un => OpCodes.Bgt_Un,
        Code.Bgt_Un => OpCodes.Bge_Un,
        Code.Ble_Un => OpCodes.Blt_Un,
        Code.Blt_Un => OpCodes.Ble_Un,
        _ => null,
    };

    private static MutationOperator? OperatorAt(MethodDefinition method, Instruction at)
    {
        OpCode code = at.OpCode;
        if ((code == OpCodes.Brtrue || code == OpCodes.Brfalse) && !IsTestOfAwait(at.Previous))
        {
            return MutationOperator.NegatedGuard;
        }

        if (OtherAtLimit(code) is not null)
        {
            return MutationOperator.Boundary;
        }

        if (code == OpCodes.Ldc_I4 && (int)at.Operand is >= 0 and <= ConstantMax && IsArithmetic(at.Next))
        {
            return MutationOperator.OffByOne;
        }

        if ((code == OpCodes.Ldfld && ((FieldReference)at.Operand).FieldType.FullName == typeof(CancellationToken).FullName)
            || (code == OpCodes.Ldarg && ((ParameterDefinition)at.Operand).ParameterType.FullName == typeof(CancellationToken).FullName))
        {
            return IsArgument(at) ? MutationOperator.SkippedCancellation : null;
        }

        return (code == OpCodes.Call || code == OpCodes.Callvirt) && at.Operand is MethodReference called ? OperatorOfCall(method, at, called) : null;
    }

    private static MutationOperator? OperatorOfCall(MethodDefinition method, Instruction at, MethodReference called)
    {
        if (called.Name == "SetException" && called.DeclaringType.Name == "AsyncTaskMethodBuilder" && method.Name == "MoveNext")
        {
            return MutationOperator.SwallowedException;
        }

        if (!IsPlainTask(called.ReturnType) || called.DeclaringType.Namespace == Tasks)
        {
            return null;
        }

        return called.Name.Contains("Flush", StringComparison.Ordinal) ? MutationOperator.SkippedFlush : IsAwaited(at) ? MutationOperator.DroppedAwait : null;
    }

    private static bool IsTestOfAwait(Instruction? before) => before?.Operand is MethodReference { Name: "get_IsCompleted" };

    private static bool IsArithmetic(Instruction? next)
    {
        // The constant may be made wider first.
        Instruction? operation = next?.OpCode is { } code && (code == OpCodes.Conv_I8 || code == OpCodes.Conv_U8) ? next.Next : next;
        return operation?.OpCode.Code is Code.Add or Code.Sub or Code.Div or Code.Add_Ovf or Code.Sub_Ovf or Code.Div_Un;
    }

    // Kept for later, it may be the field of a state machine or of an object; passed on, it ends something.
    private static bool IsArgument(Instruction at) => at.Next?.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj;

    private static bool IsAwaited(Instruction at) =>
        at.Next?.Operand is MethodReference { Name: "GetAwaiter" } || (at.Next?.OpCode == OpCodes.Stloc && at.Next.Next?.Next?.Operand is MethodReference { Name: "GetAwaiter" });

    private static bool IsPlainTask(TypeReference type) => type.Namespace == Tasks && type.Name is nameof(Task) or nameof(ValueTask) && type is not GenericInstanceType;

    private static MethodReference Completed(ModuleDefinition module, MethodReference called) => module.ImportReference(
        (called.ReturnType.Name == nameof(Task) ? typeof(Task).GetProperty(nameof(Task.CompletedTask)) : typeof(ValueTask).GetProperty(nameof(ValueTask.CompletedTask)))!.GetMethod);

    private static void SkipCall(ILProcessor il, Instruction call, MethodReference instead)
    {
        var called = (MethodReference)call.Operand;
        int arguments = called.Parameters.Count + (called.HasThis ? 1 : 0);

        // The call itself becomes the first of what replaces it: branches lead to it.
        call.OpCode = arguments > 0 ? OpCodes.Pop : OpCodes.Nop;
        call.Operand = null;
        Instruction last = call;
        for (int i = 1; i < arguments; i++)
        {
            Instruction pop = il.Create(OpCodes.Pop);
            il.InsertAfter(last, pop);
            last = pop;
        }

        il.InsertAfter(last, il.Create(OpCodes.Call, instead));
    }
}
