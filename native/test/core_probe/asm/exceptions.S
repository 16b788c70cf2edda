// Exceptions to EL1: vectors, syndromes, return addresses, saved state, and the return from them.
        .include "check.inc"

#define UNKNOWN 0x02000000
#define READ 1
#define WRITE 0
// EC 0x18 (D17.2.37)
#define TRAPPED(op0, op1, crn, crm, op2, rt, direction) \
        0x62000000 | op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | direction

main:
        mov     x28, x30

        // SVC from EL1h: flags and masks are saved, the return address is behind it
        mov     x0, #0x60000000
        msr     nzcv, x0
        msr     daifclr, #0xd
        faults  1, 0x200, 0x56001234, svc #0x1234
        adr     x0, 7b + 4
        check   2, x23, 7b + 4
        check   3, x24, 0x60000085
        mrs     x0, daif
        check   4, x0, 0x3c0

        // The same on SP_EL0
        msr     spsel, #0
        mrs     x0, spsel
        check   5, x0, 0
        mov     x0, #0x40300000
        mov     sp, x0
        faults  6, 0x000, 0x56000001, svc #1
        and     x0, x24, #0x3ff
        check   7, x0, 0x3c4
        mrs     x0, spsel
        check   8, x0, 1
        mrs     x0, sp_el0
        check   9, x0, 0x40300000
        mov     x0, sp
        check   10, x0, stack_top

        faults  11, 0x200, 0xf2000055, brk #0x55
        check   12, x23, 7b
        faults  13, 0x200, UNKNOWN, .inst 0x00000000
        check   14, x23, 7b
        // HLT without halting debug, DCPS1, DRPS, SYSL of nothing, EL2's registers, HCR_EL2
        faults  15, 0x200, UNKNOWN, hlt #0
        faults  16, 0x200, UNKNOWN, dcps1
        faults  17, 0x200, UNKNOWN, .inst 0xd6bf03e0
        faults  18, 0x200, UNKNOWN, mrs x0, sctlr_el2
        faults  19, 0x200, UNKNOWN, mrs x0, hcr_el2
        faults  20, 0x200, UNKNOWN, .inst 0xd5184240  // msr currentel, x0
        // SP_EL0 by name is not for those who run on it
        msr     spsel, #0
        faults  21, 0x000, UNKNOWN, mrs x0, sp_el0

        // An address that is no multiple of 4
        ldr     x26, =main + 2
        faults  22, 0x200, 0x8a000000, br x26
        check   23, x22, main + 2
        check   24, x23, main + 2

        // SP alignment, when SCTLR_EL1.SA says so (QEMU never looks)
        on_qemu 1f
        mov     x27, sp
        sub     sp, sp, #8
        ldr     x1, [sp]
        mrs     x0, sctlr_el1
        orr     x0, x0, #8
        msr     sctlr_el1, x0
        isb
        faults  25, 0x200, 0x9a000000, ldr x1, [sp]
        faults  26, 0x200, 0x9a000000, stp x1, x2, [sp, #-16]!
        mov     x0, sp
        sub     x1, x27, #8
        cmp     x0, x1
        mov     x0, #27
        b.ne    failed
        add     x1, sp, #8      // address arithmetic is free
        mov     sp, x27
        ldr     x1, [sp, #-8]
1:
        // FP access
        msr     cpacr_el1, xzr
        isb
        faults  28, 0x200, 0x1fe00000, fmov d0, d1
        faults  29, 0x200, 0x1fe00000, mrs x0, fpcr
        mov     x0, #1 << 20
        msr     cpacr_el1, x0
        isb
        fmov    d0, d1

        // To EL0 and back
        adr     x26, user_svc
        bl      enter_user
        check   30, x20, 0x400
        check   31, x21, 0x56000007
        check   32, x24, 0xa0000000
        check   33, x23, user_svc + 8
        mrs     x0, sp_el0
        check   34, x0, 0x40310000
        mov     x0, sp
        check   35, x0, stack_top

        .macro  user number, esr, instruction:vararg
        adr     x26, 6f
        b       5f
6:      \instruction
        svc     #0xbad
5:      bl      enter_user
        check   \number, x20, 0x400
        check   \number, x21, \esr
        .endm

        // An exception return leaves an event behind, which the first one consumes
        .macro  wfe_after_event
        wfe
        wfe
        .endm

        // What EL0 must not do
        user    40, 0x1fe00000, fmov d0, d1
        user    41, UNKNOWN, mrs x0, sctlr_el1
        user    42, UNKNOWN, msr tpidr_el1, x0
        user    43, UNKNOWN, eret
        user    44, UNKNOWN, hvc #0
        user    45, UNKNOWN, smc #0
        user    46, UNKNOWN, msr spsel, #1
        user    47, UNKNOWN, tlbi vmalle1
        user    48, UNKNOWN, ic iallu
        user    49, UNKNOWN, msr tpidrro_el0, x0
        user    50, UNKNOWN, mrs x0, midr_el1
        // Traps to EL1: UMA, UCT, UCI, DZE, CNTKCTL, WFI, WFE, PMUSERENR
        user    51, TRAPPED(3, 3, 4, 2, 1, 3, READ), mrs x3, daif
        on_qemu 1f  // it swaps op1 and op2 here
        user    52, TRAPPED(0, 3, 4, 5, 6, 31, WRITE), msr daifset, #5
1:
        user    53, TRAPPED(3, 3, 0, 0, 1, 4, READ), mrs x4, ctr_el0
        user    54, TRAPPED(1, 3, 7, 4, 1, 3, WRITE), dc zva, x3
        user    55, TRAPPED(1, 3, 7, 11, 1, 3, WRITE), dc cvau, x3
        user    56, TRAPPED(1, 3, 7, 5, 1, 3, WRITE), ic ivau, x3
        user    57, TRAPPED(3, 3, 14, 0, 2, 5, READ), mrs x5, cntvct_el0
        user    58, 0x07e00000, wfi
        on_qemu 1f  // its WFE never waits
        user    59, 0x07e00001, wfe_after_event
1:
        user    60, TRAPPED(3, 3, 9, 12, 0, 6, READ), mrs x6, pmcr_el0

        // With the permissions EL0 may
        mrs     x0, sctlr_el1
        ldr     x1, =1 << 9 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 26
        orr     x0, x0, x1
        msr     sctlr_el1, x0
        mov     x0, #3
        msr     cntkctl_el1, x0
        isb
        adr     x26, user_allowed
        bl      enter_user
        check   61, x20, 0x400
        check   62, x21, 0x56000008

        // Illegal returns: EL2, AArch32, EL0 with SP_EL1. The state stays EL1h with PSTATE.IL, whatever comes next faults
        .macro  illegal number, spsr
        ldr     x0, =\spsr
        msr     spsr_el1, x0
        adr     x0, 6f
        msr     elr_el1, x0
        adr     x25, 5f
        mov     x20, #-1
        eret
6:      nop
        mov     x0, #\number
        b       failed
5:      check   \number, x20, 0x200
        check   \number, x21, 0x3a000000
        check   \number, x23, 6b
        check   \number, x24, (\spsr & 0xf00003c0) | 0x100005
        .endm
        illegal 70, 0x3c9
        illegal 71, 0x800003d4
        illegal 72, 0x400003c1
        illegal 73, 0x600003c6
        on_qemu 1f  // its A53 has AArch32
        illegal 74, 0x800003d0
1:

        ret     x28

// Runs x26 at EL0 with flags N and C set; comes back at x30 when it takes an exception.
enter_user:
        mov     x25, x30
        mov     x0, #0x40310000
        msr     sp_el0, x0
        msr     elr_el1, x26
        mov     x0, #0xa0000000
        msr     spsr_el1, x0
        mov     x20, #-1
        eret

user_svc:
        mov     x0, sp
        svc     #7

user_allowed:
        mrs     x0, daif
        mrs     x0, ctr_el0
        mrs     x0, cntvct_el0
        mrs     x0, cntfrq_el0
        adr     x3, user_allowed
        dc      cvau, x3
        ic      ivau, x3
        mrs     x0, dczid_el0
        mrs     x0, tpidrro_el0
        msr     tpidr_el0, x0
        svc     #8
        svc     #9
