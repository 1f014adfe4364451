//! Frames to datagrams and stream bytes: tags, tunnels, fragments, TCP.
