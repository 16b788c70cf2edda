import { CELLVISOR, JAILHOUSE, list } from './words';

/** For a folder of `fpath`, as `_jailhouse`; zsh calls it for each of the commands. */
export const ZSH = `#compdef jailhouse cellvisor uio_send uio_read

# Cells that exist. "$1" names: no ids. "$2" root: the root cell too.
_cellvisor_cells() {
  local folder id name
  for folder in /sys/devices/jailhouse/cells/*(N); do
    id=\${folder:t}
    [[ -r $folder/name ]] || continue
    [[ $id == 0 && $2 != root ]] && continue
    IFS= read -r name <$folder/name
    [[ $1 == names ]] || compadd -- $id
    compadd -- $name
  done
}

_jailhouse_selector() {
  if (( CURRENT == 4 )); then
    compadd -- --name
    _cellvisor_cells all $1
  elif (( CURRENT == 5 )) && [[ $words[4] == --name ]]; then
    _cellvisor_cells names $1
  else
    return 1
  fi
}

_jailhouse_cell() {
  local previous=$words[CURRENT-1]
  if (( CURRENT == 3 )); then
    compadd -- ${list(JAILHOUSE.cell)}
    return
  fi
  case $words[3] in
    create) (( CURRENT == 4 )) && _files -g '*.cell' ;;
    load)
      _jailhouse_selector && return
      [[ $previous == (-a|--address|-s|--string) ]] && return
      compadd -- -a --address -s --string
      _files
      ;;
    start|shutdown|destroy) _jailhouse_selector ;;
    stats)
      _jailhouse_selector root
      compadd -- -h --help --json
      ;;
    linux)
      [[ $previous == (-c|--cmdline) ]] && return
      compadd -- -h --help -i --initrd -c --cmdline -w --write-params
      if (( CURRENT == 4 )); then _files -g '*.cell'; else _files; fi
      ;;
    list) (( CURRENT == 4 )) && compadd -- --json ;;
  esac
}

_jailhouse_command() {
  if [[ $words[CURRENT-1] == --backend ]]; then
    compadd -- ${list(JAILHOUSE.backends)}
    return
  fi
  # --backend NAME shifts everything behind it.
  if [[ $words[2] == --backend ]] && (( CURRENT > 3 )); then
    words=($words[1] \${words[4,-1]})
    (( CURRENT -= 2 ))
  fi
  if (( CURRENT == 2 )); then
    compadd -- ${list(JAILHOUSE.commands)}
    return
  fi
  case $words[2] in
    enable) (( CURRENT == 3 )) && _files -g '*.cell' ;;
    console) (( CURRENT == 3 )) && compadd -- -f --follow ;;
    cell) _jailhouse_cell ;;
    config)
      if (( CURRENT == 3 )); then compadd -- ${list(JAILHOUSE.config)}; else _files; fi
      ;;
    hardware) (( CURRENT == 3 )) && compadd -- ${list(JAILHOUSE.hardware)} ;;
  esac
}

_cellvisor_command() {
  if (( CURRENT == 2 )); then
    compadd -- ${list(CELLVISOR.commands)}
    return
  fi
  case $words[CURRENT-1] in
    --root) _files -g '*.cell'; return ;;
    --junit|--trace|-o) _files; return ;;
    --dialect|--from) compadd -- ${list(CELLVISOR.dialects)}; return ;;
    --clock) compadd -- ${list(CELLVISOR.clocks)}; return ;;
    --type|--board) compadd -- ${list(CELLVISOR.boardTypes)}; return ;;
    --expect|--timeout|--cmdline|--uart|--release|--since|--fault) return ;;
  esac
  case $words[2] in
    board)
      if (( CURRENT == 3 )); then
        compadd -- ${list(CELLVISOR.board)}
      else
        compadd -- ${list(CELLVISOR.boardOptions)}
        [[ $words[3] == (start|stop|status|reset) ]] && compadd -- ${list(CELLVISOR.boardTypes)}
      fi
      ;;
    try)
      compadd -- ${list(CELLVISOR.tryOptions)}
      _files -g '*.(cell|bin)'
      ;;
    top) compadd -- ${list(CELLVISOR.topOptions)} ;;
    doctor)
      compadd -- ${list(CELLVISOR.doctorOptions)}
      _files -g '*.cell'
      ;;
    run)
      (( CURRENT == 3 )) && compadd -- ${list(CELLVISOR.runOptions)}
      _command_names -e
      _files
      ;;
    config)
      if (( CURRENT == 3 )); then compadd -- ${list(CELLVISOR.config)}; else _files -g '*.cell'; fi
      ;;
    module)
      if (( CURRENT == 3 )); then
        compadd -- ${list(CELLVISOR.module)}
      elif [[ $words[3] == load ]]; then
        _files -g '*.ko'
      else
        compadd -- jailhouse uio_ivshmem
      fi
      ;;
    completion) (( CURRENT == 3 )) && compadd -- ${list(CELLVISOR.shells)} ;;
  esac
}

case $service in
  jailhouse) _jailhouse_command ;;
  cellvisor) _cellvisor_command ;;
  uio_send|uio_read) (( CURRENT == 2 )) && compadd -- /dev/uio*(N) ;;
esac
`;
