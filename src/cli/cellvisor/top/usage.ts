export const TOP_USAGE = `Usage: cellvisor [--host HOST ... | --hosts FILE] [top] [--backend hardware|emulated] [--board NAME ...]
                 [--interval TIME] [--read-only]

A dashboard: the cells of a board, what they cost and what they say, and keys to handle them; ? lists the keys.

   --host HOST       a board over SSH, such as root@board (or CELLVISOR_HOST, several with spaces between them);
                     may be given several times
   --hosts FILE      boards over SSH, a host a line (or CELLVISOR_HOSTS; default: ~/.config/cellvisor/hosts where
                     there is one and no backend is chosen)
   --backend NAME    hardware (the default, or CELLVISOR_BACKEND) or emulated
   --board NAME      an emulated board (default: CELLVISOR_BOARD, else imx8mm-evk); several make a list of boards
   --interval TIME   time between samples, such as 500ms or 2s (default: 1s)
   --read-only       only look: no key changes anything

NO_COLOR=1 takes the colours away; without a UTF-8 locale everything is drawn in ASCII.
`;
