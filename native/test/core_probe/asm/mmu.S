// Stage 1: walks, permissions, fault status codes, attributes, AT.
        .include "check.inc"

#define DATA 0x96000000
#define FETCH 0x86000000
#define WRITE 0x40
#define TRANSLATION 4
#define ACCESS_FLAG 8
#define PERMISSION 12
#define ALIGNMENT 0x21

// Descriptors (D8.3): MAIR index 0 is normal memory, 1 is Device-nGnRE
#define VALID_TABLE 3
#define PAGE 3
#define BLOCK 1
#define AF (1 << 10)
#define INNER (3 << 8)
#define DEVICE (1 << 2)
#define USER (1 << 6)
#define READ_ONLY (1 << 7)
#define PXN (1 << 53)
#define UXN (1 << 54)
#define NORMAL (AF | INNER)

#define TABLES 0x40400000
#define PAGES 0x40500000
#define VIRTUAL 0x80000000

        .macro  entry table, index, value
        ldr     x0, =TABLES + \table * 0x1000 + \index * 8
        ldr     x1, =\value
        str     x1, [x0]
        .endm

        .macro  page index, physical, attributes
        entry   3, \index, (PAGES + \physical * 0x1000 | \attributes | PAGE)
        .endm

// VA of test page \index plus \offset into x9
        .macro  at_page index, offset=0
        ldr     x9, =VIRTUAL + \index * 0x1000 + \offset
        .endm

        .macro  flush
        dsb     sy
        tlbi    vmalle1
        dsb     sy
        isb
        .endm

main:
        mov     x28, x30

        // MMU off: everything is Device-nGnRnE, and addresses have 40 bits
        ldr     x9, =1 << 40
        faults  1, 0x200, DATA | 0, ldr x0, [x9]
        ldr     x9, =PAGES + 4
        ldr     x0, [x9, #4]
        ldr     w0, [x9]
        on_qemu 1f  // it does not care about alignment in Device memory
        faults  2, 0x200, DATA | ALIGNMENT, ldr x0, [x9]
        faults  3, 0x200, DATA | WRITE | ALIGNMENT, str x0, [x9]
        check   4, x22, PAGES + 4
        faults  5, 0x200, DATA | WRITE | ALIGNMENT, dc zva, x9
1:
        at      s1e1r, x28
        mrs     x0, par_el1
        and     x0, x0, #0xff00000000000fff
        bic     x0, x0, #0x100  // QEMU does not call it outer shareable
        check   6, x0, 0xa00

        // Table 0: level 1. Table 1: level 2 of RAM. 2: level 2 of the test area. 3: its pages. 4: more of them
        entry   0, 0, (BLOCK | AF | DEVICE | PXN | UXN)
        entry   0, 1, (TABLES + 0x1000 | VALID_TABLE)
        entry   0, 2, (TABLES + 0x2000 | VALID_TABLE)
        entry   0, 3, (0x40000000 | BLOCK | NORMAL)
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        entry   1, \n, (0x40000000 + \n * 0x200000 | BLOCK | NORMAL)
        .endr
        entry   2, 0, (TABLES + 0x3000 | VALID_TABLE)
        entry   2, 1, (0x40600000 | BLOCK | NORMAL | READ_ONLY)
        entry   2, 3, (TABLES + 0x4000 | VALID_TABLE | 1 << 62 | 1 << 59)  // read-only, PXN
        entry   2, 4, (TABLES + 0x4000 | VALID_TABLE | 1 << 61)            // nothing for EL0
        entry   2, 5, (1 << 41 | VALID_TABLE)
        entry   4, 0, (PAGES | NORMAL | USER | PAGE)
        page    0, 0, NORMAL
        page    1, 1, NORMAL | READ_ONLY
        page    3, 3, INNER
        page    4, 4, NORMAL | USER
        page    5, 5, AF | DEVICE
        page    6, 6, NORMAL | PXN
        page    7, 6, NORMAL | USER
        entry   3, 8, (1 << 40 | NORMAL | PAGE)
        entry   3, 9, (PAGES | NORMAL | 1)      // a block at level 3 is none
        page    10, 3, NORMAL
        page    11, 2, NORMAL
        page    12, 6, NORMAL
        page    13, 6, NORMAL | USER | READ_ONLY
        page    14, 6, NORMAL | UXN
        page    15, 6, NORMAL | USER | UXN | READ_ONLY

        ldr     x0, =PAGES + 6 * 0x1000
        ldr     w1, =0xd65f03c0         // ret
        str     w1, [x0]
        ldr     w1, =0xd4000001         // svc #0
        str     w1, [x0, #4]
        dsb     sy
        ic      iallu

        ldr     x0, =0x04ff
        msr     mair_el1, x0
        // T0SZ and T1SZ 25, 40 bits of physical address, walks inner shareable write-back
        ldr     x0, =25 | 25 << 16 | 2 << 30 | 2 << 32 | 0x3500 | 0x35000000
        msr     tcr_el1, x0
        mov     x27, x0
        ldr     x0, =TABLES
        msr     ttbr0_el1, x0
        msr     ttbr1_el1, x0
        flush
        mrs     x0, sctlr_el1
        ldr     x1, =0x1005
        orr     x0, x0, x1
        msr     sctlr_el1, x0
        isb
        mov     x26, x0

        // A page, read and written, and seen where it is identity-mapped
        at_page 0, 0x10
        ldr     x0, =0x1122334455667788
        str     x0, [x9]
        ldr     x10, =PAGES + 0x10
        ldr     x1, [x10]
        check   10, x1, 0x1122334455667788
        ldr     x1, [x9, #1]    // unaligned is all right now
        check   11, x1, 0x0011223344556677
        // The same by way of TTBR1
        ldr     x9, =0xffffff8000000000 + VIRTUAL + 0x10
        ldr     x1, [x9]
        check   12, x1, 0x1122334455667788
        // And by way of a block of 1 GiB
        ldr     x9, =0xc0000000 + PAGES - 0x40000000 + 0x10
        ldr     x1, [x9]
        check   13, x1, 0x1122334455667788

        at_page 1, 8
        ldr     x0, [x9]
        faults  20, 0x200, DATA | WRITE | PERMISSION + 3, str x0, [x9]
        check   21, x22, VIRTUAL + 0x1008
        at_page 2, 0x123
        faults  22, 0x200, DATA | TRANSLATION + 3, ldrb w0, [x9]
        check   23, x22, VIRTUAL + 0x2123
        at_page 3
        faults  24, 0x200, DATA | ACCESS_FLAG + 3, ldr x0, [x9]
        at_page 8
        faults  25, 0x200, DATA | 3, ldr x0, [x9]
        at_page 9
        faults  26, 0x200, DATA | TRANSLATION + 3, ldr x0, [x9]
        at_page 0x200
        ldr     x0, [x9]
        faults  27, 0x200, DATA | WRITE | PERMISSION + 2, str x0, [x9]
        at_page 0x400
        faults  28, 0x200, DATA | TRANSLATION + 2, ldr x0, [x9]
        at_page 0x600
        ldr     x0, [x9]
        faults  29, 0x200, DATA | WRITE | PERMISSION + 3, strb w0, [x9]
        faults  30, 0x200, FETCH | PERMISSION + 3, br x9
        at_page 0xa00
        faults  31, 0x200, DATA | 2, ldr x0, [x9]
        ldr     x9, =0x100000000
        faults  32, 0x200, DATA | TRANSLATION + 1, ldr x0, [x9]
        ldr     x9, =0x8000000000
        faults  33, 0x200, DATA | TRANSLATION, ldr x0, [x9]
        ldr     x9, =0x00ffff8080000000
        faults  34, 0x200, DATA | TRANSLATION, ldr x0, [x9]
        faults  35, 0x200, FETCH | TRANSLATION, br x9
        check   36, x22, 0x00ffff8080000000
        check   37, x23, 0x00ffff8080000000

        // Two pages that are not neighbours in memory, and an access across their border
        at_page 10, 0xffc
        ldr     x0, =0xa1a2a3a4b1b2b3b4
        str     x0, [x9]
        ldr     x10, =PAGES + 3 * 0x1000 + 0xffc
        ldr     w1, [x10]
        check   40, x1, 0xb1b2b3b4
        ldr     x10, =PAGES + 2 * 0x1000
        ldr     w1, [x10]
        check   41, x1, 0xa1a2a3a4
        ldr     x1, [x9]
        check   42, x1, 0xa1a2a3a4b1b2b3b4
        ldp     x1, x2, [x9, #-8]
        check   43, x2, 0xa1a2a3a4b1b2b3b4
        // Across into nothing, and out of nothing: neither half is written, the address is the one that failed
        at_page 1, 0xffd
        faults  44, 0x200, DATA | TRANSLATION + 3, ldr w0, [x9]
        check   45, x22, VIRTUAL + 0x2000
        at_page 2, 0xffe
        faults  46, 0x200, DATA | TRANSLATION + 3, ldr w0, [x9]
        check   47, x22, VIRTUAL + 0x2ffe

        // Base registers stay when a write-back access fails
        at_page 2
        faults  48, 0x200, DATA | TRANSLATION + 3, ldr x0, [x9, #16]!
        check   49, x9, VIRTUAL + 0x2000
        faults  50, 0x200, DATA | WRITE | TRANSLATION + 3, stp x0, x1, [x9], #16
        check   51, x9, VIRTUAL + 0x2000

        // Device memory: aligned only
        at_page 5, 4
        ldr     w0, [x9]
        on_qemu 1f
        faults  52, 0x200, DATA | ALIGNMENT, ldr x0, [x9]
        at_page 5
        faults  53, 0x200, DATA | WRITE | ALIGNMENT, dc zva, x9
1:
        // SCTLR_EL1.A
        orr     x0, x26, #2
        msr     sctlr_el1, x0
        isb
        at_page 0, 2
        ldrh    w0, [x9]
        faults  54, 0x200, DATA | ALIGNMENT, ldr w0, [x9]
        faults  55, 0x200, DATA | WRITE | ALIGNMENT, stp w0, w1, [x9]
        msr     sctlr_el1, x26
        isb
        // Whatever the memory: exclusives, ordered accesses
        faults  56, 0x200, DATA | ALIGNMENT, ldxr w0, [x9]
        faults  57, 0x200, DATA | ALIGNMENT, ldar w0, [x9]
        faults  58, 0x200, DATA | WRITE | ALIGNMENT, stlr w0, [x9]
        faults  59, 0x200, DATA | ALIGNMENT, ldxp w0, w1, [x9]

        // Execution
        at_page 12
        blr     x9
        at_page 6
        faults  60, 0x200, FETCH | PERMISSION + 3, br x9
        check   61, x23, VIRTUAL + 0x6000
        at_page 7
        faults  62, 0x200, FETCH | PERMISSION + 3, br x9  // EL0 can write it
        at_page 13
        blr     x9
        // WXN, with the code itself read-only
        entry   1, 1, (0x40200000 | BLOCK | NORMAL | READ_ONLY)
        flush
        orr     x0, x26, #1 << 19
        msr     sctlr_el1, x0
        flush
        at_page 13
        blr     x9
        at_page 12
        faults  63, 0x200, FETCH | PERMISSION + 3, br x9
        msr     sctlr_el1, x26
        entry   1, 1, (0x40200000 | BLOCK | NORMAL)
        flush

        // EL0's rights by LDTR and STTR
        at_page 4
        sttr    x0, [x9]
        ldtr    x0, [x9]
        at_page 0
        faults  70, 0x200, DATA | PERMISSION + 3, ldtr x0, [x9]
        faults  71, 0x200, DATA | WRITE | PERMISSION + 3, sttrb w0, [x9]
        at_page 13
        ldtrsw  x0, [x9]
        faults  72, 0x200, DATA | WRITE | PERMISSION + 3, sttr x0, [x9]
        at_page 0x800
        ldr     x0, [x9]
        faults  73, 0x200, DATA | PERMISSION + 3, ldtr x0, [x9]

        // At EL0
        at_page 7, 4
        bl      run_user
        check   75, x21, 0x56000000
        at_page 15, 4
        bl      run_user
        check   76, x20, 0x400
        check   77, x21, 0x82000000 | PERMISSION + 3
        at_page 2
        bl      run_user
        check   78, x21, 0x82000000 | TRANSLATION + 3
        check   79, x22, VIRTUAL + 0x2000

        // AT
        .macro  translate number, operation, expected
        at      \operation, x9
        isb
        mrs     x0, par_el1
        lsr     x1, x0, #56
        cmp     x1, #4          // Device: see above
        b.ne    6f
        bic     x0, x0, #0x100
6:      check   \number, x0, \expected
        .endm
        at_page 0, 0x123
        translate 80, s1e1r, (0xff << 56 | PAGES | 0xb80)
        translate 81, s1e0r, ((PERMISSION + 3) << 1 | 0x801)
        at_page 1
        translate 82, s1e1w, ((PERMISSION + 3) << 1 | 0x801)
        translate 83, s1e1r, (0xff << 56 | PAGES + 0x1000 | 0xb80)
        at_page 5
        translate 84, s1e1w, (0x04 << 56 | PAGES + 0x5000 | 0xa00)
        at_page 2
        translate 85, s1e1r, ((TRANSLATION + 3) << 1 | 0x801)
        at_page 4
        translate 86, s1e0w, (0xff << 56 | PAGES + 0x4000 | 0xb80)

        // TBI0: the top byte does not matter, for data and for branches
        orr     x0, x27, #1 << 37
        msr     tcr_el1, x0
        flush
        ldr     x9, =0xab00000000000000 + VIRTUAL + 0x10
        ldr     x1, [x9]
        check   90, x1, 0x1122334455667788
        ldr     x9, =0xab00000000000000 + VIRTUAL + 12 * 0x1000
        blr     x9
        ldr     x9, =0xab00000000000000 + VIRTUAL + 2 * 0x1000
        faults  91, 0x200, FETCH | TRANSLATION + 3, br x9
        check   92, x23, VIRTUAL + 2 * 0x1000
        // EPD1, then a smaller space
        orr     x0, x27, #1 << 23
        msr     tcr_el1, x0
        flush
        ldr     x9, =0xffffff8000000000 + VIRTUAL
        faults  93, 0x200, DATA | TRANSLATION, ldr x0, [x9]
        add     x0, x27, #7             // T0SZ 32: four entries of level 1
        msr     tcr_el1, x0
        flush
        at_page 0, 0x10
        ldr     x1, [x9]
        check   94, x1, 0x1122334455667788
        ldr     x9, =0x100000000
        faults  95, 0x200, DATA | TRANSLATION, ldr x0, [x9]
        msr     tcr_el1, x27
        flush

        // A changed entry counts after TLBI; DC ZVA, DC CVAC
        at_page 0
        ldr     x0, [x9]
        page    0, 4, NORMAL
        dsb     sy
        ldr     x1, =VIRTUAL >> 12
        tlbi    vae1, x1
        dsb     sy
        isb
        ldr     x0, =0x5555
        str     x0, [x9, #0x40]
        ldr     x10, =PAGES + 4 * 0x1000
        ldr     x0, [x10, #0x40]
        check   96, x0, 0x5555
        add     x0, x9, #0x7f
        dc      zva, x0
        ldr     x0, [x10, #0x40]
        check   97, x0, 0
        dc      cvac, x9
        at_page 2
        on_qemu 1f      // maintenance does nothing there
        faults  98, 0x200, DATA | 0x100 | WRITE | TRANSLATION + 3, dc cvac, x9
1:
        ret     x28

// Runs the code at x9 at EL0 until its first exception.
run_user:
        mov     x25, x30
        msr     elr_el1, x9
        msr     spsr_el1, xzr
        mov     x20, #-1
        eret
