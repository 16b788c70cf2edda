// void run_slot(struct probe_state* state): loads every register from `state`, jumps to the slot that x30 names,
// and stores every register back. TPIDR_EL0 lends the one register that is needed in between.

        .altmacro
        .macro  transfer_v operation, first, second
        \operation q\first, q\second, [x0, #256 + 16 * \first]
        .endm
        .macro  load_pair_v first
        transfer_v ldp, \first, %(\first + 1)
        .endm
        .macro  store_pair_v first
        transfer_v stp, \first, %(\first + 1)
        .endm

        .text
        .global run_slot
        .global slot_done
run_slot:
        stp     x29, x30, [sp, #-176]!
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        adrp    x1, saved
        add     x1, x1, :lo12:saved
        mov     x2, sp
        mrs     x3, tpidr_el0
        stp     x0, x2, [x1]
        str     x3, [x1, #16]

        ldr     x1, [x0, #768]
        msr     nzcv, x1
        ldr     x1, [x0, #776]
        msr     fpcr, x1
        ldr     x1, [x0, #784]
        msr     fpsr, x1
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
        load_pair_v \i
        .endr
        ldr     x1, [x0, #248]
        mov     sp, x1
        ldp     x2, x3, [x0, #16]
        ldp     x4, x5, [x0, #32]
        ldp     x6, x7, [x0, #48]
        ldp     x8, x9, [x0, #64]
        ldp     x10, x11, [x0, #80]
        ldp     x12, x13, [x0, #96]
        ldp     x14, x15, [x0, #112]
        ldp     x16, x17, [x0, #128]
        ldp     x18, x19, [x0, #144]
        ldp     x20, x21, [x0, #160]
        ldp     x22, x23, [x0, #176]
        ldp     x24, x25, [x0, #192]
        ldp     x26, x27, [x0, #208]
        ldp     x28, x29, [x0, #224]
        ldr     x30, [x0, #240]
        ldp     x0, x1, [x0]
        br      x30

slot_done:
        msr     tpidr_el0, x30
        adrp    x30, saved
        ldr     x30, [x30, :lo12:saved]
        stp     x0, x1, [x30]
        stp     x2, x3, [x30, #16]
        stp     x4, x5, [x30, #32]
        stp     x6, x7, [x30, #48]
        stp     x8, x9, [x30, #64]
        stp     x10, x11, [x30, #80]
        stp     x12, x13, [x30, #96]
        stp     x14, x15, [x30, #112]
        stp     x16, x17, [x30, #128]
        stp     x18, x19, [x30, #144]
        stp     x20, x21, [x30, #160]
        stp     x22, x23, [x30, #176]
        stp     x24, x25, [x30, #192]
        stp     x26, x27, [x30, #208]
        stp     x28, x29, [x30, #224]
        mrs     x0, tpidr_el0
        mov     x1, sp
        stp     x0, x1, [x30, #240]
        mov     x0, x30
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
        store_pair_v \i
        .endr
        mrs     x1, nzcv
        str     x1, [x0, #768]
        mrs     x1, fpcr
        str     x1, [x0, #776]
        mrs     x1, fpsr
        str     x1, [x0, #784]

        msr     fpcr, xzr
        adrp    x1, saved
        add     x1, x1, :lo12:saved
        ldp     x2, x3, [x1, #8]
        mov     sp, x2
        msr     tpidr_el0, x3
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #176
        ret

        .bss
        .balign 16
saved:  .skip   24
