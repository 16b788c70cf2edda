// What the hypervisor sees of an access: core_probe's own register, device and read-only pages. QEMU has none of them.
        .include "check.inc"

main:
        mov     x28, x30
        on_qemu 9f
        ldr     x9, =0x09000000
        ldr     x1, =0xfedcba9876543210
        str     x1, [x9, #16]
        ldr     x2, [x9, #16]
        check   1, x2, 0xfedcba9876543210
        ldr     w2, [x9, #16]
        check   2, x2, 0x76543210
        str     w1, [x9, #16]
        ldr     x2, [x9, #16]
        check   3, x2, 0x76543210
        mov     w1, #0x8182
        strh    w1, [x9, #16]
        ldrsh   x2, [x9, #16]
        check   4, x2, 0xffffffffffff8182
        ldrsh   w2, [x9, #16]
        check   5, x2, 0xffff8182
        ldrsb   x2, [x9, #16]
        check   6, x2, 0xffffffffffffff82
        ldrh    w2, [x9, #16]
        check   7, x2, 0x8182
        ldr     x1, =0x80000001
        str     w1, [x9, #16]
        ldrsw   x2, [x9, #16]
        check   8, x2, 0xffffffff80000001
        // ZR writes 0 and swallows what it reads; register offsets; ordered accesses
        str     xzr, [x9, #16]
        ldr     xzr, [x9, #16]
        ldr     x2, [x9, #16]
        check   9, x2, 0
        mov     x3, #4
        mov     w1, #77
        str     w1, [x9, x3, lsl #2]
        ldr     w2, [x9, w3, uxtw #2]
        check   10, x2, 77
        add     x10, x9, #24
        mov     w1, #78
        stlr    w1, [x10]
        ldar    x2, [x10]
        check   11, x2, 78
        mov     x0, #1 << 20 | 2 << 20
        msr     cpacr_el1, x0
        isb

        // A device without trap: pairs, SIMD and write-back are all right
        ldr     x9, =0x0a000000
        ldr     x1, =0x1122334455667788
        str     x1, [x9], #8
        check   20, x9, 0x0a000008
        ldp     x1, x2, [x9]
        check   21, x2, 0x1122334455667788
        ldr     q0, [x9, #8]
        mov     x2, v0.d[1]
        check   22, x2, 0x1122334455667788
        ldrb    w2, [x9]
        check   23, x2, 0x88
        // Aligned only, no exclusives; what does not answer is an external abort
        faults  24, 0x200, 0x96000021, ldr x0, [x9, #1]
        faults  25, 0x200, 0x96000035, ldxr x0, [x9]
        add     x10, x9, #0x800
        faults  26, 0x200, 0x96000010, ldr w0, [x10]
        faults  27, 0x200, 0x96000050, str w0, [x10]
        faults  28, 0x200, 0x86000010, br x9

        // RAM that may only be read
        ldr     x9, =0x0b000000
        ldr     x0, [x9]

        // SMC is the hypervisor's, and the CPU goes on behind it
        ldr     x0, =0x80000000
        smc     #0
        check   30, x0, 0x10001
9:      ret     x28
