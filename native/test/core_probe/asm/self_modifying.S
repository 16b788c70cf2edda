// Code that is written while it runs: with the maintenance that Arm asks for, and data beside code.
        .include "check.inc"

        .macro  synchronise address
        dc      cvau, \address
        dsb     ish
        ic      ivau, \address
        dsb     ish
        isb
        .endm

main:
        mov     x28, x30

        // A constant in an instruction counts up
        mov     x19, #0
        adr     x9, patched
1:      ldr     w0, =0x52800001         // mov w1, #0
        orr     w0, w0, w19, lsl #5
        str     w0, [x9]
        synchronise x9
        bl      patched
        ldr     x0, =1
        cmp     x1, x19
        b.ne    failed
        add     x19, x19, #1
        cmp     x19, #2000
        b.lo    1b

        // A counter between instructions, without any maintenance: the code stays what it is
        adr     x10, counter
        mov     x19, #0
2:      bl      count
        add     x19, x19, #1
        cmp     x19, #4000
        b.lo    2b
        ldr     x0, [x10]
        check   2, x0, 4000

        // A routine is copied over another one, next to the caller on the same page
        adr     x9, victim
        bl      victim
        check   3, x1, 111
        adr     x10, replacement
        ldp     w2, w3, [x10]
        stp     w2, w3, [x9]
        synchronise x9
        bl      victim
        check   4, x1, 222

        // Across two pages by one unaligned store
        ldr     x9, =far_page
        ldr     w0, =0x52800001 | 5 << 5
        str     w0, [x9, #-4]
        ldr     w1, =0xd65f03c0
        str     w1, [x9]
        dsb     ish
        ic      iallu
        dsb     ish
        isb
        sub     x10, x9, #4
        blr     x10
        check   5, x1, 5
        ldr     w0, =0x52800001 | 6 << 5
        ldr     w1, =0xd65f03c0
        orr     x0, x0, x1, lsl #32
        mov     x11, x10
        str     w0, [x10]
        synchronise x10
        blr     x10
        check   6, x1, 6

        ret     x28

patched:
        mov     w1, #0
        ret

count:
        ldr     x0, [x10]
        add     x0, x0, #1
        str     x0, [x10]
        b       3f
        .balign 8
counter:
        .quad   0
3:      ret

victim:
        mov     w1, #111
        ret
replacement:
        mov     w1, #222
        ret

        .balign 4096
        .skip   4096
far_page:
        .skip   4096
