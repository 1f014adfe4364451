//! Joins the rooms: frames in, call events and tallies out.
