# Cellvisor from its npm archive, with the packages of its lock file; offline after do_fetch. README.md here says what of it could not be tried.
SUMMARY = "Userspace of the Jailhouse and Xen hypervisors on NXP i.MX 8 boards"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=6ece2be2c3800a55030f1769b2a786c9"

SRC_URI = "\
    file://cellvisor-${PV}.tgz;subdir=${BP};striplevel=1 \
    npmsw://${THISDIR}/files/npm-shrinkwrap.json \
"

# The class runs npm with the archive and the packages that the lock file names, and no registry.
inherit npm systemd bash-completion

# Native code: Node-API, compiled by node-gyp with the headers of the image's own Node.js.
DEPENDS += "nodejs-native"
RDEPENDS:${PN} += "nodejs"

# Tools of development are not needed: what they make is in the archive.
NPM_INSTALL_DEV = "0"

HOME_DIR = "${nonarch_libdir}/node_modules/cellvisor"

do_install:append() {
    for page in ${S}/packaging/man/*.8 ${S}/packaging/man/*.1; do
        install -D -m 0644 $page ${D}${mandir}/man${page##*.}/$(basename $page)
    done
    # The archive's units and scripts name /opt/cellvisor, the place that docs/install.md gives it.
    install -d ${D}/opt
    ln -s ${HOME_DIR} ${D}/opt/cellvisor
    install -d ${D}${HOME_DIR}/bin
    for name in jailhouse uio_send uio_read cellvisor xl; do
        sed "s/@NAME@/$name/g" ${S}/packaging/bin/launcher.sh > ${D}${HOME_DIR}/bin/$name
        chmod 0755 ${D}${HOME_DIR}/bin/$name
    done
    install -D -m 0755 ${S}/packaging/systemd/cell ${D}${HOME_DIR}/lib/cellvisor/cell
    install -D -m 0755 ${S}/packaging/systemd/cellvisor-cells-generator \
        ${D}${systemd_unitdir}/system-generators/cellvisor-cells-generator
    install -d ${D}${systemd_system_unitdir} ${D}${sysconfdir}/cellvisor/cells.d
    install -m 0644 ${S}/packaging/systemd/cellvisor-root.service ${D}${systemd_system_unitdir}
    install -m 0644 ${S}/packaging/systemd/cellvisor-cell@.service ${D}${systemd_system_unitdir}
    # The generator links to where it is told that the units are.
    sed -i "s#/etc/systemd/system/#${systemd_system_unitdir}/#" \
        ${D}${systemd_unitdir}/system-generators/cellvisor-cells-generator
}

# The class links every command into ${bindir}. For dom0, where Xen's own tools may be installed beside it: theirs is in ${sbindir}.
PACKAGES =+ "${PN}-xl"
FILES:${PN}-xl = "${bindir}/xl"
RDEPENDS:${PN}-xl = "${PN}"

# Enabling the hypervisor at boot is a choice of its own.
PACKAGES =+ "${PN}-services"
FILES:${PN}-services = "${systemd_unitdir} ${sysconfdir}/cellvisor ${HOME_DIR}/lib/cellvisor"
RDEPENDS:${PN}-services = "${PN}"
SYSTEMD_PACKAGES = "${PN}-services"
SYSTEMD_SERVICE:${PN}-services = "cellvisor-root.service"
FILES:${PN} += "/opt/cellvisor ${HOME_DIR}"

COMPATIBLE_HOST = "(aarch64|x86_64).*-linux"
