// The IRQ line against PSTATE.I, at EL1 and EL0, and WFI. The line is core_probe's own register; it rises by itself when
// the CPU waits.
        .include "check.inc"

        .macro  line level
        mov     w10, #\level
        str     w10, [x9]
        .endm

main:
        mov     x28, x30
        on_qemu 9f
        ldr     x9, =0x09000100

        // Pending, but masked
        line    1
        mrs     x0, isr_el1
        check   1, x0, 0x80
        nop
        // Taken at the next instruction when unmasked
        adr     x25, 1f
        mov     x20, #-1
        msr     daifclr, #2
here:   mov     x0, #2
        b       failed
1:      check   3, x20, 0x280
        check   4, x23, here
        and     x24, x24, #0xfff
        check   5, x24, 0x345
        mrs     x0, daif
        check   6, x0, 0x3c0
        line    0
        mrs     x0, isr_el1
        check   7, x0, 0

        // An instruction raises it in the middle of straight code
        adr     x25, 2f
        mov     x20, #-1
        msr     daifclr, #2
        line    1
raised: .rept   100
        nop
        .endr
        b       .
2:      check   8, x20, 0x280
        check   11, x23, raised
        line    0

        // Unmasked by an exception return to EL0, where the mask of EL1 counts no more
        adr     x25, 3f
        mov     x20, #-1
        line    1
        adr     x0, user
        msr     elr_el1, x0
        msr     spsr_el1, xzr
        eret
user:   svc     #0
3:      check   9, x20, 0x480
        check   10, x23, user
        line    0

        // WFI: masked, it ends when the line is high; unmasked, the interrupt is taken behind it
        wfi
        mrs     x0, isr_el1
        check   12, x0, 0x80
        wfi
        line    0
        adr     x25, 4f
        mov     x20, #-1
        msr     daifclr, #2
        wfi
behind: b       .
4:      check   13, x20, 0x280
        check   14, x23, behind
        line    0

        // A loop that only an interrupt ends
        adr     x25, 5f
        mov     x20, #-1
        mov     x19, #0
        ldr     x11, =1000
        msr     daifclr, #2
6:      add     x19, x19, #1
        cmp     x19, x11
        b.ne    6b
        mov     w10, #1
        str     w10, [x9]
7:      add     x19, x19, #1
        b       7b
5:      check   15, x20, 0x280
        line    0

        // WFE ends by itself; SEVL makes the next one pass
        sevl
        wfe
        wfe
        sev
        wfe
9:      ret     x28
