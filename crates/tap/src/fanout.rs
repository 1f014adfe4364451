//! How several sockets on one interface share its packets (packet(7), `PACKET_FANOUT`): each goes to one of them, those of a flow
//! in both directions to the same.

use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::sys::socket::{getsockopt, setsockopt};
use nix::{getsockopt_impl, setsockopt_impl, sockopt_impl};

sockopt_impl!(
    /// The group that a packet socket belongs to, and how it shares.
    PacketFanout,
    Both,
    libc::SOL_PACKET,
    libc::PACKET_FANOUT,
    usize
);

/// `PACKET_FANOUT_FLAG_UNIQUEID`: the kernel chooses a group that is nobody's.
const UNIQUE: usize = 0x2000 << 16;

/// A group of sockets. Shared is by flow (`PACKET_FANOUT_HASH`, which is zero).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group(u16);

impl Group {
    /// A new group, with this socket in it.
    pub(crate) fn begin(socket: &impl AsFd) -> Result<Self, Errno> {
        let socket = &socket.as_fd();
        setsockopt(socket, PacketFanout, &UNIQUE)?;
        Ok(Self(getsockopt(socket, PacketFanout)? as u16))
    }

    /// Takes a socket in. Where all have left, as when the interface was gone for a while, it begins the group anew.
    pub(crate) fn join(self, socket: &impl AsFd) -> Result<(), Errno> {
        setsockopt(&socket.as_fd(), PacketFanout, &usize::from(self.0))
    }
}
