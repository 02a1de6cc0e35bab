package profile

import (
	"slices"
	"time"
)

// Access decides whether the user may sign in. No function writes it: it is for the back office, and for systems that
// notice attacks. triggers/pre-authentication/README.md shows how they write it.
type Access struct {
	Suspended   bool      `json:"suspended,omitempty"`
	LockedUntil time.Time `json:"locked_until,omitzero"`
	Failures    int       `json:"sign_in_failures,omitempty"` // reported failures since the last lock or reset
	FailedAt    time.Time `json:"sign_in_failed_at,omitzero"` // the last of them
	Groups      []string  `json:"groups,omitempty"`           // for rules; not the pool's groups
}

// SignIns is what is known of the user's sign-ins.
type SignIns struct {
	Last    time.Time `json:"last_sign_in_at,omitzero"`
	Count   int       `json:"sign_in_count,omitempty"`   // at most one per interval and one per new app client
	Clients []string  `json:"sign_in_clients,omitempty"` // ids of the app clients that the user has signed in with
	Device  time.Time `json:"new_device_at,omitzero"`    // the last sign-in from a device that the pool did not know
}

func (a Access) normalized() Access {
	a.LockedUntil, a.FailedAt = Timestamp(a.LockedUntil), Timestamp(a.FailedAt)
	a.Groups = sortedSet(a.Groups)
	return a
}

func (s SignIns) normalized() SignIns {
	s.Last, s.Device = Timestamp(s.Last), Timestamp(s.Device)
	s.Clients = sortedSet(s.Clients)
	return s
}

// sortedSet returns a sorted copy without doubles; nil if it is empty.
func sortedSet(texts []string) []string {
	if len(texts) == 0 {
		return nil
	}
	texts = slices.Clone(texts)
	slices.Sort(texts)
	return slices.Compact(texts)
}

// SignIn is one sign-in.
type SignIn struct {
	At        time.Time
	Interval  time.Duration // a sign-in within this time after the last recorded one changes nothing
	Client    string        // the app client's id, "" if unknown; one that is new to the user is always recorded
	NewDevice bool          // whether the device is new to the pool; recorded once per DeviceInterval
}

// DeviceInterval is the time within which new devices count as one. An event does not name the device, so a repeated
// event cannot be told from a second device in any other way. Cognito's repetitions end within seconds.
const DeviceInterval = time.Minute

// Recorded is what a recorded sign-in was.
type Recorded struct {
	Written   bool // false: it was within the interval and nothing about it is new
	First     bool // the user's first recorded sign-in, which has neither a new app client nor a new device
	NewClient bool // told to one caller per app client
	NewDevice bool // told to one caller per DeviceInterval
}

// due reports whether a time is absent or at least an interval ago.
func due(last, at time.Time, interval time.Duration) bool {
	return last.IsZero() || !last.After(Timestamp(at.Add(-interval)))
}

// Record returns what remains to be stored after a sign-in, and what the sign-in was. Stores share it.
func (s SignIns) Record(in SignIn) (SignIns, Recorded) {
	newClient := in.Client != "" && !slices.Contains(s.Clients, in.Client)
	newDevice := in.NewDevice && due(s.Device, in.At, DeviceInterval)
	if !due(s.Last, in.At, in.Interval) && !newClient && !newDevice {
		return s, Recorded{}
	}
	first := s.Last.IsZero()
	recorded := Recorded{Written: true, First: first, NewClient: newClient && !first, NewDevice: newDevice && !first}
	s.Last, s.Count = in.At, s.Count+1
	if newClient {
		s.Clients = append(slices.Clone(s.Clients), in.Client)
	}
	if in.NewDevice {
		s.Device = in.At
	}
	return s.normalized(), recorded
}
