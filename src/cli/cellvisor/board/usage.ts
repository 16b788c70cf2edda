/** One text for all subcommands of `cellvisor board`. */
export const BOARD_USAGE = `Usage: cellvisor board COMMAND ...

   start [NAME] [--type TYPE] [--release RELEASE] [--clock real|virtual]
                           power a board on; NAME is its type unless --type says otherwise
   stop [NAME]             power it off
   status [NAME]           what runs on it, and where its terminals are
   list [-q] [--format json|table|TEMPLATE]
                           all boards of this user; -q: their names alone; a template is text with {{.name}} in it
   reset [NAME]            power it off and on again
   log LOG [-f] [--since TIME] [--board NAME]
                           what a UART (uart1, ...), the hypervisor or the kernel printed; -f waits for more,
                           --since 10s starts with what came in the last ten seconds
   cat PATH [--board NAME] print a file of the board's Linux, such as /proc/interrupts
   attach UART [--board NAME]
                           talk to a UART; Ctrl-] leaves

NAME is CELLVISOR_BOARD, else imx8mm-evk. start, status and list can print JSON: --json.
`;
