export const USAGE = `Usage: cellvisor explain LOG [OPTION ...]
       cellvisor explain --live [OPTION ...]

Says in words what the hypervisor printed when it parked a CPU: LOG is a recorded console (- for stdin), in which there
may be anything else; --live reads the hypervisor's console now.
Exit code: 0 when a crash was found, 1 when there is none.

   --cell CELL            config of a cell that ran; may be given several times
   --root CELL            config that Jailhouse was enabled with
   --elf FILE             what ran in the cell, with symbols, and with source lines where addr2line is installed
   --image FILE[@ADDRESS] what ran in the cell, without symbols; default address: 0
   --all                  all crashes of the log instead of the last one
   --json                 the same as JSON

Without --cell and --root: with --live, the copies that jailhouse enable and cell create kept; else the configs in
this folder, in cells and in /usr/share/jailhouse/cells, where only one of them has the name of the crashed cell.
`;
