// System registers: what can be stored, what is constant, what is masked.
        .include "check.inc"

        .macro  stores number, name, value, expected
        ldr     x0, =\value
        msr     \name, x0
        mrs     x1, \name
        check   \number, x1, \expected
        .endm

#define ALL 0xffffffffffffffff

main:
        mov     x28, x30
        stores  1, tpidr_el1, ALL, ALL
        stores  2, tpidr_el0, ALL, ALL
        stores  3, tpidrro_el0, 0x1234, 0x1234
        stores  4, vbar_el1, 0x40203800, 0x40203800
        ldr     x0, =vectors
        msr     vbar_el1, x0
        stores  5, elr_el1, 0x1235, 0x1235
        stores  6, far_el1, ALL, ALL
        stores  7, par_el1, 0x801, 0x801
        stores  8, contextidr_el1, 0x55, 0x55
        stores  9, mair_el1, 0xff440c04, 0xff440c04
        stores  10, ttbr0_el1, 0x40400000, 0x40400000
        stores  11, ttbr1_el1, 0x40410000, 0x40410000
        stores  12, nzcv, 0xf0000000, 0xf0000000
        stores  13, daif, 0x80, 0x80
        stores  14, daif, ALL, 0x3c0
        stores  15, cntkctl_el1, 3, 3
        stores  16, sp_el0, 0x1230, 0x1230
        stores  17, sctlr_el1, 0x30d0080c, 0x30d0080c
        stores  18, cpacr_el1, 3 << 20, 3 << 20
        isb
        stores  19, fpcr, 0x07c00000, 0x07c00000
        stores  20, fpsr, 0x0800009f, 0x0800009f
        stores  21, csselr_el1, 2, 2
        msr     fpcr, xzr
        mrs     x0, currentel
        check   22, x0, 4
        mrs     x0, dczid_el0
        check   23, x0, 4
        mrs     x0, midr_el1
        check   24, x0, 0x410fd034
        mrs     x0, mpidr_el1
        check   25, x0, 0x80000000
        mrs     x0, id_aa64isar0_el1
        check   26, x0, 0x00011120
        mrs     x0, id_aa64isar1_el1
        check   27, x0, 0
        mrs     x0, s3_0_c0_c7_7
        check   28, x0, 0
        mrs     x0, isr_el1
        check   29, x0, 0
        mrs     x0, mdccsr_el0
1:
        // Debug registers as an operating system leaves them
        msr     oslar_el1, xzr
        mrs     x0, oslsr_el1
        check   30, x0, 8
        msr     mdscr_el1, xzr
        msr     dbgbcr5_el1, xzr
        msr     dbgwcr3_el1, xzr
        stores  31, dbgbvr2_el1, 0x40001000, 0x40001000

        // The cycle counter, once it is started
        mov     x0, #1 << 31
        msr     pmcntenset_el0, x0
        mov     x0, #5
        msr     pmcr_el0, x0
        isb
        mrs     x1, pmccntr_el0
        nop
        mrs     x2, pmccntr_el0
        cmp     x2, x1
        ldr     x0, =32
        b.ls    failed
        msr     pmcr_el0, xzr
        isb

        // Unallocated, or of an extension that ID registers deny: PAN, UAO, a register of Armv8.5
        faults  40, 0x200, 0x02000000, mrs x0, s3_0_c4_c2_3
        faults  41, 0x200, 0x02000000, msr s0_0_c4_c1_4, xzr
        faults  42, 0x200, 0x02000000, mrs x0, s3_3_c2_c4_0
        faults  43, 0x200, 0x02000000, .inst 0xd5033fff  // SB
        // Hints that came later do nothing
        hint    #7
        hint    #25
        hint    #34

        on_qemu 9f
        mrs     x0, ctr_el0
        check   50, x0, 0x84448004
        mrs     x0, clidr_el1
        check   51, x0, 0x0a200023
        mrs     x0, ccsidr_el1
        check   52, x0, 0x703fe07a
        mrs     x0, id_aa64pfr0_el1
        check   53, x0, 0x01002211
        mrs     x0, id_aa64mmfr0_el1
        check   54, x0, 0x0f001022
        mrs     x0, cntfrq_el0
        check   55, x0, 8000000
        // The probe's clock counts instructions
        mrs     x1, cntpct_el0
        mrs     x2, cntvct_el0
        sub     x2, x2, x1
        check   56, x2, 1
        stores  57, cntv_cval_el0, 0x123456789, 0x123456789
9:      ret     x28
