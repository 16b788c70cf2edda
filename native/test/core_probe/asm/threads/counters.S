// Several CPUs count in the same memory: with exclusives of all sizes, LSE atomics, a lock, and a pair of words that must
// always agree. x0 is the CPU's number, x1 how many there are.

        .equ    ROUNDS, 20000

        .text
        .global _start
_start:
        mov     x19, x0
        mov     x20, x1
        ldr     x21, =counters
        ldr     x22, =ROUNDS

round:
        // A 64-bit word and a byte
1:      ldxr    x2, [x21]
        add     x2, x2, #1
        stxr    w3, x2, [x21]
        cbnz    w3, 1b
        add     x4, x21, #64
2:      ldaxrb  w2, [x4]
        add     w2, w2, #1
        stlxrb  w3, w2, [x4]
        cbnz    w3, 2b

        // Two words that move together
        add     x4, x21, #128
3:      ldxp    x5, x6, [x4]
        add     x7, x5, #1
        add     x8, x6, #2
        stxp    w3, x7, x8, [x4]
        cbnz    w3, 3b
        mov     x0, #1
        cmp     x6, x5, lsl #1
        b.ne    failed

        // LSE
        add     x4, x21, #192
        mov     x2, #1
        ldadd   x2, x3, [x4]
        add     x4, x21, #256
        ldr     x5, [x4]
4:      mov     x6, x5
        add     x7, x5, #1
        casal   x5, x7, [x4]
        cmp     x5, x6
        b.ne    4b

        // A lock of acquire and release around plain accesses
        add     x4, x21, #320
        mov     w2, #1
5:      ldaxr   w3, [x4]
        cbnz    w3, 5b
        stxr    w3, w2, [x4]
        cbnz    w3, 5b
        ldr     x5, [x4, #8]
        ldr     x6, [x4, #16]
        add     x5, x5, #1
        str     x5, [x4, #8]
        add     x6, x6, #1
        str     x6, [x4, #16]
        stlr    wzr, [x4]
        mov     x0, #2
        cmp     x5, x6
        b.ne    failed

        subs    x22, x22, #1
        b.ne    round

        // The last one to come checks the sums
        add     x4, x21, #384
        mov     x2, #1
        ldaddal x2, x3, [x4]
        add     x3, x3, #1
        cmp     x3, x20
        b.ne    done
        ldr     x5, =ROUNDS
        mul     x5, x5, x20
        .irp    offset, 0, 128, 192, 256, 328, 336
        mov     x0, #\offset
        ldr     x2, [x21, #\offset]
        cmp     x2, x5
        b.ne    failed
        .endr
        ldrb    w2, [x21, #64]
        and     x5, x5, #0xff
        mov     x0, #64
        cmp     x2, x5
        b.ne    failed
done:   hvc     #0

failed: mov     x3, x0
        hvc     #1

        .bss
        .balign 4096
counters: .skip 4096
