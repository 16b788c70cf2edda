// CPU 0 moves a page between two places and tells the others by TLBI ...IS. Once its DSB is over, nobody may write to the
// old place: what it reads there must not change any more. x0 is the CPU's number, x1 how many there are.

#define TABLES 0x40400000
#define PAGES 0x40500000
#define VIRTUAL 0x80000000
#define NORMAL_PAGE 0x703

        .equ    ROUNDS, 100

        .text
        .global _start
_start:
        mov     x19, x0
        mov     x20, x1
        ldr     x21, =PAGES
        ldr     x22, =TABLES
        ldr     x23, =VIRTUAL
        ldr     x24, =shared
        cbnz    x19, wait

        // Level 1: RAM as a block, the test area by way of two tables
        ldr     x0, =0x40000701
        str     x0, [x22, #8]
        ldr     x0, =TABLES + 0x1000 + 3
        str     x0, [x22, #16]
        ldr     x0, =TABLES + 0x2000 + 3
        str     x0, [x22, #0x1000]
        add     x25, x22, #0x2000
        ldr     x0, =PAGES + NORMAL_PAGE
        str     x0, [x25]
        mov     w0, #1
        stlr    w0, [x24]
        b       enable
wait:   ldar    w0, [x24]
        cbz     w0, wait
enable:
        mov     x0, #0xff
        msr     mair_el1, x0
        ldr     x0, =25 | 1 << 23 | 2 << 32
        msr     tcr_el1, x0
        msr     ttbr0_el1, x22
        isb
        mrs     x0, sctlr_el1
        orr     x0, x0, #1
        orr     x0, x0, #4
        msr     sctlr_el1, x0
        isb
        mov     w0, #1
        add     x9, x24, #128
        ldadd   w0, w1, [x9]
        cbnz    x19, write
1:      ldar    w0, [x9]
        cmp     w0, w20
        b.ne    1b

        ldr     x26, =ROUNDS
        mov     x27, #0
move:   eor     x28, x27, #1
        ldr     x0, =PAGES + NORMAL_PAGE
        add     x0, x0, x28, lsl #12
        str     x0, [x25]
        dsb     ishst
        lsr     x0, x23, #12
        tlbi    vae1is, x0
        dsb     ish
        isb
        add     x9, x21, x27, lsl #12
        ldp     x2, x3, [x9]
        mov     x4, #200
1:      ldp     x5, x6, [x9]
        cmp     x2, x5
        ccmp    x3, x6, #0, eq
        mov     x0, #1
        b.ne    failed
        subs    x4, x4, #1
        b.ne    1b
        mov     x27, x28
        subs    x26, x26, #1
        b.ne    move
        mov     w0, #1
        add     x9, x24, #64
        stlr    w0, [x9]
        hvc     #0

write:  add     x10, x24, #64
        mov     x2, #0
        add     x3, x23, x19, lsl #3
        sub     x3, x3, #8
2:      .rept   16
        add     x2, x2, #1
        str     x2, [x3]
        .endr
        ldar    w0, [x10]
        cbz     w0, 2b
        hvc     #0

failed: mov     x3, x0
        hvc     #1

        .bss
        .balign 4096
shared: .skip   4096
