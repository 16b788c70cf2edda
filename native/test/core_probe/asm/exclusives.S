// Exclusives, ordered accesses and LSE atomics on memory that nobody else writes.
        .include "check.inc"

main:
        mov     x28, x30
        mrs     x0, sctlr_el1
        adr     x9, cell
        ldr     x0, =0x1111222233334444
        ldr     x1, =0x5555666677778888
        stp     x0, x1, [x9]

        // Success, and the monitor is used up
        ldxr    x2, [x9]
        check   1, x2, 0x1111222233334444
        mov     x3, #7
        stxr    w4, x3, [x9]
        check   2, x4, 0
        ldr     x5, [x9]
        check   3, x5, 7
        stxr    w4, x0, [x9]
        check   4, x4, 1
        ldr     x5, [x9]
        check   5, x5, 7

        // CLREX, another address
        ldaxr   w2, [x9]
        clrex
        stlxr   w4, w0, [x9]
        check   6, x4, 1
        ldxr    w2, [x9]
        add     x10, x9, #8
        stxr    w4, w0, [x10]
        check   7, x4, 1
        ldr     x5, [x10]
        check   8, x5, 0x5555666677778888

        // A store in between
        ldxr    x2, [x9]
        str     x0, [x9]
        stxr    w4, x3, [x9]
        check   9, x4, 1
        ldr     x5, [x9]
        check   10, x5, 0x1111222233334444

        // An exception return in between
        ldxr    x2, [x9]
        adr     x25, 1f
        svc     #0
1:      adr     x5, 2f
        msr     elr_el1, x5
        mov     x5, #0x3c5
        msr     spsr_el1, x5
        eret
2:      stxr    w4, x3, [x9]
        check   11, x4, 1

        // Bytes and halves keep their neighbours
        ldxrb   w2, [x9]
        check   12, x2, 0x44
        mov     w3, #0xee
        stxrb   w4, w3, [x9]
        check   13, x4, 0
        add     x10, x9, #2
        ldaxrh  w2, [x10]
        check   14, x2, 0x3333
        mov     w3, #0xdddd
        stlxrh  w4, w3, [x10]
        check   15, x4, 0
        ldr     x5, [x9]
        check   16, x5, 0x11112222dddd44ee

        // Pairs
        ldxp    x2, x3, [x9]
        check   17, x2, 0x11112222dddd44ee
        check   18, x3, 0x5555666677778888
        stxp    w4, x0, x1, [x9]
        check   19, x4, 0
        ldaxp   w2, w3, [x9]
        check   20, x2, 0x33334444
        check   21, x3, 0x11112222
        stlxp   w4, w3, w2, [x9]
        check   22, x4, 0
        ldr     x5, [x9]
        check   23, x5, 0x3333444411112222
        ldxp    x2, x3, [x9]
        str     xzr, [x9, #8]
        stxp    w4, x0, x1, [x9]
        check   24, x4, 1
        stp     x0, x1, [x9]

        ldar    w2, [x9]
        check   25, x2, 0x33334444
        stlrh   w3, [x9]
        ldarb   w2, [x9]
        check   26, x2, 0x88

        // A counter by LDXR and STXR
        mov     x6, #1000
        str     xzr, [x9]
3:      ldxr    x2, [x9]
        add     x2, x2, #3
        stxr    w4, x2, [x9]
        cbnz    w4, 3b
        subs    x6, x6, #1
        b.ne    3b
        ldr     x2, [x9]
        check   27, x2, 3000

        // LSE, which QEMU's Cortex-A53 lacks
        on_qemu 9f
        mov     x2, #5
        ldadd   x2, x3, [x9]
        check   40, x3, 3000
        ldclrab w2, w3, [x9]
        check   41, x3, 0xbd
        ldr     x3, [x9]
        check   42, x3, 3000
        mov     x2, #-1
        ldsmax  x2, x3, [x9]
        ldumaxl x2, x3, [x9]
        check   43, x3, 3000
        mov     w2, #9
        lduminh w2, w3, [x9]
        check   44, x3, 0xffff
        ldr     x3, [x9]
        check   45, x3, 0xffffffffffff0009
        swpal   x2, x3, [x9]
        check   46, x3, 0xffffffffffff0009
        mov     x2, #8
        mov     x3, #77
        cas     x2, x3, [x9]
        check   47, x2, 9
        casal   x2, x3, [x9]
        ldr     x2, [x9]
        check   48, x2, 77
        stp     x0, x1, [x9]
        mov     x2, x0
        mov     x3, x1
        mov     x4, #1
        mov     x5, #2
        caspal  x2, x3, x4, x5, [x9]
        ldp     x6, x7, [x9]
        check   49, x6, 1
        check   50, x7, 2
        caspa   x2, x3, x0, x1, [x9]
        check   51, x2, 1
        check   52, x3, 2
9:
        ret     x28

        .balign 16
cell:   .skip   16
