import { CELLVISOR, JAILHOUSE, list, XL } from './words';

const CELL_COMMANDS = 'load start shutdown destroy stats';

/** For a folder of `fish_complete_path`, as jailhouse.fish; cellvisor.fish and so on may link to it. */
export const FISH = `# fish completion for jailhouse, xl, uio_send, uio_read and cellvisor

function __cellvisor_at --description 'these words, and nothing else, stand before the cursor'
    set -l words (commandline -opc)
    set -e words[1]
    while contains -- "$words[1]" --backend --host
        set -e words[1..2]
    end
    test "$words" = "$argv"
end

function __cellvisor_after --description 'the line begins with one of the commands'
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __cellvisor_in --description 'the line begins with this command and this subcommand'
    set -l words (commandline -opc)
    set -e words[1]
    while contains -- "$words[1]" --backend --host
        set -e words[1..2]
    end
    test (count $words) -gt 1; and test "$words[1..2]" = "$argv"
end

function __cellvisor_cells --description 'ids and names of cells that exist; all: the root cell too'
    for folder in /sys/devices/jailhouse/cells/*
        set -l id (basename $folder)
        if test $id = 0 -a "$argv[1]" != all
            continue
        end
        set -l name (cat $folder/name 2>/dev/null); or continue
        printf '%s\\t%s\\n' $id $name
        printf '%s\\tcell %s\\n' $name $id
    end
end

complete -c jailhouse -f
complete -c jailhouse -n '__cellvisor_at' -a '${list(JAILHOUSE.commands)}'
complete -c jailhouse -n 'contains -- (commandline -opc)[-1] --backend' -a '${list(JAILHOUSE.backends)}'
complete -c jailhouse -n '__cellvisor_at enable' -k -a '(__fish_complete_suffix .cell)'
complete -c jailhouse -n '__cellvisor_at console' -s f -l follow
complete -c jailhouse -n '__cellvisor_at cell' -a '${list(JAILHOUSE.cell)}'
complete -c jailhouse -n '__cellvisor_at cell create; or __cellvisor_at cell linux' -k -a '(__fish_complete_suffix .cell)'
for command in ${CELL_COMMANDS}
    set -l which
    test $command = stats; and set which all
    complete -c jailhouse -n "__cellvisor_at cell $command; or __cellvisor_at cell $command --name" -a "(__cellvisor_cells $which)"
    complete -c jailhouse -n "__cellvisor_at cell $command" -l name
end
complete -c jailhouse -n 'contains -- load (commandline -opc); and test (count (commandline -opc)) -gt 3' -F -s a -l address -s s -l string
complete -c jailhouse -n '__cellvisor_in cell linux' -F -l dtb -s d -r
complete -c jailhouse -n '__cellvisor_in cell linux' -F -l initrd -s i -r
complete -c jailhouse -n '__cellvisor_in cell linux' -F -l write-params -s w -r
complete -c jailhouse -n '__cellvisor_in cell linux' -l cmdline -s c -x
complete -c jailhouse -n '__cellvisor_in cell linux' -l arch -s a -x
complete -c jailhouse -n '__cellvisor_in cell linux' -l kernel-decomp-factor -s k -x
complete -c jailhouse -n '__cellvisor_at cell list' -l json
complete -c jailhouse -n '__cellvisor_at cell list' -l quiet
complete -c jailhouse -n '__cellvisor_at cell list' -l format -x
complete -c jailhouse -n 'contains -- stats (commandline -opc)' -l json
complete -c jailhouse -n '__cellvisor_at config' -a '${list(JAILHOUSE.config)}'
complete -c jailhouse -n '__cellvisor_in config create' -l output -s o -x -a '(__fish_complete_directories)'
complete -c jailhouse -n '__cellvisor_in config create' -l root -s r -x -a '(__fish_complete_directories)'
complete -c jailhouse -n '__cellvisor_in config create' -l dtb -x -k -a '(__fish_complete_suffix .dtb)'
complete -c jailhouse -n '__cellvisor_in config create' -l dialect -x -a '${list(CELLVISOR.dialects)}'
complete -c jailhouse -n '__cellvisor_in config create' -l device-regions -x -a '${list(JAILHOUSE.deviceRegions)}'
complete -c jailhouse -n '__cellvisor_in config create' -l generate-collector -s g -r -F
complete -c jailhouse -n '__cellvisor_in config create' -l console -s c -x
for option in cell mem-hv mem-inmates ram
    complete -c jailhouse -n '__cellvisor_in config create' -l $option -x
end
complete -c jailhouse -n '__cellvisor_in config collect' -F
complete -c jailhouse -n '__cellvisor_in config check' -k -a '(__fish_complete_suffix .cell)'
complete -c jailhouse -n '__cellvisor_in config check' -l against -x -a '${list(JAILHOUSE.against)} (__fish_complete_suffix .dtb)'
complete -c jailhouse -n '__cellvisor_in config check' -l image -x
complete -c jailhouse -n '__cellvisor_in config check' -l json
complete -c jailhouse -n '__cellvisor_at hardware' -a '${list(JAILHOUSE.hardware)}'

function __cellvisor_domains --description 'domains that exist, from the xl that is first in PATH, whichever it is'
    xl list 2>/dev/null | tail -n +2 | string replace -r ' .*' ''
end

complete -c xl -f
complete -c xl -n '__cellvisor_at; or __cellvisor_at help' -a '${list(XL.commands)}'
complete -c xl -n '__cellvisor_at create' -k -a '(__fish_complete_suffix .cfg)'
complete -c xl -n '__cellvisor_at config-update; or __cellvisor_after ${list(XL.withDomain)}' -a '(__cellvisor_domains)'
complete -c xl -n '__cellvisor_after config-update; and not __cellvisor_at config-update' -k -a '(__fish_complete_suffix .cfg)'

for command in uio_send uio_read
    complete -c $command -f
    complete -c $command -n '__cellvisor_at' -a '(printf "%s\\n" /dev/uio*)'
end

complete -c cellvisor -f
complete -c cellvisor -n '__cellvisor_at' -a '${list(CELLVISOR.commands)}'
for option in ${CELLVISOR.topOptions.map((option) => option.slice(2)).join(' ')}
    complete -c cellvisor -n '__cellvisor_after top' -l $option
end
complete -c cellvisor -n '__cellvisor_at board' -a '${list(CELLVISOR.board)}'
for command in start stop status reset
    complete -c cellvisor -n "__cellvisor_at board $command" -a '${list(CELLVISOR.boardTypes)}'
end
complete -c cellvisor -n '__cellvisor_after board' -l type -x -a '${list(CELLVISOR.boardTypes)}'
complete -c cellvisor -n '__cellvisor_after board' -l json
complete -c cellvisor -n '__cellvisor_after board try' -l clock -x -a '${list(CELLVISOR.clocks)}'
complete -c cellvisor -n '__cellvisor_after board try gdb run' -l board -x -a '${list(CELLVISOR.boardTypes)}'
complete -c cellvisor -n '__cellvisor_after board try' -l release -x
complete -c cellvisor -n '__cellvisor_after try doctor' -l root -x -k -a '(__fish_complete_suffix .cell)'
complete -c cellvisor -n '__cellvisor_after try' -F
complete -c cellvisor -n '__cellvisor_after try' -l junit -r -F
for option in initrd dtb
    complete -c cellvisor -n '__cellvisor_after try' -l $option -r -F
end
for option in expect timeout cmdline uart gdb
    complete -c cellvisor -n '__cellvisor_after try' -l $option -x
end
complete -c cellvisor -n '__cellvisor_after board' -l quiet
complete -c cellvisor -n '__cellvisor_after board' -l format -x
complete -c cellvisor -n '__cellvisor_after stats events' -l json
complete -c cellvisor -n '__cellvisor_after stats events' -l interval -x
for option in cell count
    complete -c cellvisor -n '__cellvisor_after stats' -l $option -x
end
complete -c cellvisor -n '__cellvisor_after exporter gdb' -l listen -x
complete -c cellvisor -n '__cellvisor_after exporter' -l textfile -r -F
complete -c cellvisor -n '__cellvisor_after doctor' -k -a '(__fish_complete_suffix .cell)'
complete -c cellvisor -n '__cellvisor_after doctor' -l json
complete -c cellvisor -n '__cellvisor_at run' -a '(__fish_complete_command)'
complete -c cellvisor -n '__cellvisor_after run' -l trace -r -F
complete -c cellvisor -n '__cellvisor_after run' -l fault -x
complete -c cellvisor -n '__cellvisor_at config' -a '${list(CELLVISOR.config)}'
complete -c cellvisor -n '__cellvisor_after config; and not __cellvisor_at config' -k -a '(__fish_complete_suffix .cell)'
for option in dialect from
    complete -c cellvisor -n '__cellvisor_after config' -l $option -x -a '${list(CELLVISOR.dialects)}'
end
complete -c cellvisor -n '__cellvisor_in config show' -l running -x -a '(__cellvisor_cells all)'
complete -c cellvisor -n '__cellvisor_in config show; or __cellvisor_in config diff' -l json
for option in yaml c ts
    complete -c cellvisor -n '__cellvisor_in config show' -l $option
end
complete -c cellvisor -n '__cellvisor_in config convert; or __cellvisor_in config dts' -s o -r -F
complete -c cellvisor -n '__cellvisor_in config dts' -l dtbo -r -F
complete -c cellvisor -n '__cellvisor_after explain' -F -a '${list(CELLVISOR.findings)}'
for option in cell root
    complete -c cellvisor -n '__cellvisor_after explain' -l $option -x -k -a '(__fish_complete_suffix .cell)'
end
for option in elf image
    complete -c cellvisor -n '__cellvisor_after explain' -l $option -r -F
end
for option in live all json
    complete -c cellvisor -n '__cellvisor_after explain' -l $option
end
complete -c cellvisor -n '__cellvisor_at module' -a '${list(CELLVISOR.module)}'
complete -c cellvisor -n '__cellvisor_at module load' -k -a '(__fish_complete_suffix .ko)'
complete -c cellvisor -n '__cellvisor_at module unload' -a 'jailhouse uio_ivshmem'
complete -c cellvisor -n '__cellvisor_at completion' -a '${list(CELLVISOR.shells)}'
`;
